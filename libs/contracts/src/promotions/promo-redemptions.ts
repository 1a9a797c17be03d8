import { z } from 'zod';
import { command, event, query } from '../contract.js';
import { isStorable } from '../texts.js';
import { amountMinor, currency, id, instant, text, visibleTo } from '../wire.js';
import { typedCode } from './fold-code.js';

/** A promo code as a person enters it. */
export const promoCode = z
  .string()
  .overwrite(typedCode)
  .min(1)
  .max(64)
  .refine(isStorable, 'Contains characters that cannot be stored.')
  .describe(
    'A promo code as it was typed or pasted: case, width, the kind of dashes and invisible characters are ignored.',
  );

/** The most codes on one order. */
export const codesMax = 5;
export const promoCodes = z.array(promoCode).min(1).max(codesMax);

/** The id of an offer: of a class, or of an offer of an outside system that an admin registered. */
export const offerId = text(200).describe('An offer: the id of a class, or of an offer of an outside system.');

/**
 * The reasons why a code cannot be used. Callers who do not hold the code get NOT_USABLE for every reason, also for a
 * code that does not exist. Its holders, its publisher and admins get the precise reason.
 */
export const promoCodeRefusals = [
  'PROMO_CODE_NOT_USABLE',
  'PROMO_CODE_UNKNOWN',
  'PROMO_CODE_NOT_ACTIVE',
  'PROMO_CODE_NOT_STARTED',
  'PROMO_CODE_EXPIRED',
  'PROMO_CODE_OUTSIDE_HOURS',
  'PROMO_CODE_WRONG_KIND',
  'PROMO_CODE_WRONG_OFFER',
  'PROMO_CODE_WRONG_AUDIENCE',
  'PROMO_CODE_WRONG_CURRENCY',
  'PROMO_CODE_BELOW_MINIMUM',
  'PROMO_CODE_NOT_COMBINABLE',
  'PROMO_CODE_USED_UP',
  'PROMO_CODE_PERSON_LIMIT',
  'PROMO_CODE_NEW_PERSON_LIMIT',
  'PROMO_CODE_OFFER_LIMIT',
  'PROMO_CODE_BUDGET_SPENT',
] as const;

export const promoCodeRefusal = z.enum(promoCodeRefusals);

/** The hold of one code, with its discount. */
const codeHold = z.object({
  redemption_id: id,
  code_id: id,
  code: z.string().describe('The code as its publisher wrote it.'),
  discount_minor: amountMinor,
  explanation: z.string(),
});

export const holdCodes = command({
  type: 'promotions.hold-codes.v1',
  service: 'promotions',
  callers: ['subscriptions'],
  about:
    'Holds a slot of each of these codes for an order that will be opened: all of them or none. The order id identifies ' +
    'the hold, so that a repeat changes nothing. The hold lapses unless order-opened arrives.',
  refusals: [...promoCodeRefusals, 'PROMO_HOLD_ENDED'],
  request: z.object({
    order_id: id,
    person_id: id,
    offer_id: offerId,
    amount_minor: amountMinor.describe('The price before discounts.'),
    currency,
    codes: promoCodes,
  }),
  response: z.object({
    order_id: id,
    discount_minor: amountMinor,
    holds: z.array(codeHold).describe('In the order in which they were applied.'),
    lapses_at: instant.nullable().describe('Null once order-opened was received.'),
    pay_by: instant
      .nullable()
      .describe('The order expires at this instant at the latest: its codes are held no longer.'),
  }),
});

export const releaseHolds = command({
  type: 'promotions.release-holds.v1',
  service: 'promotions',
  callers: ['subscriptions'],
  about: 'Releases the holds of an order that will not be opened. Holds that have ended stay as they are.',
  request: z.object({ order_id: id, reason: text(200) }),
  response: z.object({ order_id: id, released: z.int().min(0) }),
});

export const codeBenefit = z
  .object({
    code: z.string(),
    kind: z.enum(['discount', 'bonus']),
    benefit_minor: amountMinor.nullable().describe('The benefit; null when the request has no amount.'),
    currency: currency.nullable(),
    explanation: z.string(),
    closes_at: instant.nullable().describe('The end of its open hours; null without active hours.'),
  })
  .meta({ id: 'CodeBenefit' });

export const validateCodesBody = z
  .strictObject({
    person_id: id
      .optional()
      .describe(
        'A member names themselves. An admin may name any person, or nobody in particular. A publisher names nobody.',
      ),
    promo_code: promoCode.optional(),
    promo_codes: promoCodes.optional().describe('Several, to be combined, in place of `promo_code`.'),
    order_id: id.optional().describe('An order, whose class and price are used.'),
    offer_id: offerId.optional().describe('An offer, in place of an order.'),
    amount_minor: amountMinor.optional().describe('With an offer: its price or payout.'),
    currency: currency.optional(),
  })
  .refine(({ promo_code: one, promo_codes: several }) => (one === undefined) !== (several === undefined), {
    path: ['promo_code'],
    error: 'Give promo_code or promo_codes.',
  })
  .refine(({ order_id: order, offer_id: offer }) => (order === undefined) !== (offer === undefined), {
    path: ['offer_id'],
    error: 'Give offer_id or order_id.',
  })
  .refine(({ amount_minor: amount, currency: unit }) => (amount === undefined) === (unit === undefined), {
    path: ['currency'],
    error: 'Give an amount with its currency.',
  })
  .refine(({ amount_minor: amount, order_id: order }) => amount === undefined || order === undefined, {
    path: ['amount_minor'],
    error: 'An order has its own amount.',
  })
  .meta({ id: 'ValidatePromoCodes' });

export const codesVerdict = z
  .object({
    usable: z.boolean(),
    benefits: z
      .array(codeBenefit)
      .describe('The benefit of each code, in the order of application; empty when not usable.'),
    benefit_minor: amountMinor.nullable().describe('The sum of the benefits.'),
    refusal: z
      .object({ code: promoCodeRefusal, message: z.string(), details: z.record(z.string(), z.unknown()) })
      .nullable(),
  })
  .meta({ id: 'PromoCodesVerdict' });

export const validateCodes = query({
  type: 'promotions.validate-codes.v1',
  service: 'promotions',
  callers: ['gateway', 'subscriptions'],
  about:
    'The benefit of promo codes for a person and an offer now, or the reason for a refusal. Nothing is held. For nobody ' +
    'in particular, the audience and the limits per person are left out.',
  request: z.object({
    person_id: id.nullable().describe('Null for nobody in particular. The person of a publisher is ignored.'),
    codes: promoCodes,
    offer_id: offerId,
    amount_minor: amountMinor.optional(),
    currency: currency.optional(),
    visible_to: visibleTo,
    for_order: z
      .boolean()
      .optional()
      .describe('Whether the codes are for an order that is about to be opened: only discounts are usable then.'),
    publisher_id: text(200)
      .optional()
      .describe('The requesting publisher, who gets the precise reason for their own codes.'),
  }),
  response: codesVerdict,
});

export const promoCodeDeactivated = event({
  type: 'promotions.promo-code-deactivated.v1',
  producer: 'promotions',
  consumers: ['notifications'],
  about: 'The last use of a code was redeemed, which deactivated the code. Published once per deactivation.',
  data: z.object({
    code_id: id,
    code: z.string(),
    reason: z.enum(['max_uses_reached']),
    used: z.int().min(0),
    max_uses: z.int().min(0),
    deactivated_at: instant,
  }),
});
