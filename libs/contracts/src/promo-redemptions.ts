import { z } from 'zod';
import { command, event, query } from './contract.js';
import { amountMinor, currency, id, instant, text, visibleTo } from './wire.js';

/** A promo code as somebody writes it: case, width and spaces around it do not matter. */
export const promoCode = text(64).describe('A promo code, in any case.');

/** At most this many codes go together on one order. */
export const codesMax = 5;
const promoCodes = z.array(promoCode).min(1).max(codesMax);

/** An offer: a class by its id, or what an admin registered of an outside system. */
export const offerId = text(200).describe('An offer: the id of a class, or of an offer of an outside system.');

/**
 * Why a code does not work. Whoever does not hold a code hears NOT_USABLE for all of them, a code that does not exist
 * included; the precise reason is for its holders, its publisher and admins.
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
  'PROMO_CODE_OFFER_LIMIT',
  'PROMO_CODE_BUDGET_SPENT',
] as const;

export const promoCodeRefusal = z.enum(promoCodeRefusals);

/** What one code takes off an order. */
const codeHold = z.object({
  use_id: id,
  code_id: id,
  code: z.string().describe('As its publisher wrote it.'),
  discount_minor: amountMinor,
  explanation: z.string(),
});

export const holdCodes = command({
  type: 'promotions.hold-codes.v1',
  service: 'promotions',
  about:
    'Takes a use of each of these codes for an order that is about to be opened: all of them or none. The hold is ' +
    'known by the order, so that a repeat meets its first self; it lapses by itself unless the order is heard of.',
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
    uses: z.array(codeHold).describe('In the order in which they were applied.'),
    lapses_at: instant.nullable().describe('Null once the order was heard of.'),
  }),
});

export const releaseHolds = command({
  type: 'promotions.release-holds.v1',
  service: 'promotions',
  about: 'Gives back what is held for an order that will not be opened. What is not held any more stays as it is.',
  request: z.object({ order_id: id, reason: text(200) }),
  response: z.object({ order_id: id, released: z.int().min(0) }),
});

export const offeredUse = z
  .object({
    code: z.string(),
    kind: z.enum(['discount', 'bonus']),
    benefit_minor: amountMinor.nullable().describe('What it would give; null while no amount is named.'),
    currency: currency.nullable(),
    explanation: z.string(),
    closes_at: instant.nullable().describe('When its hours end that are open now; null when it has none.'),
  })
  .meta({ id: 'OfferedUse' });

export const validateCodesBody = z
  .strictObject({
    person_id: id,
    promo_code: promoCode.optional(),
    promo_codes: promoCodes.optional().describe('Several, to be combined, in place of `promo_code`.'),
    order_id: id.optional().describe('An order whose class and price are taken.'),
    offer_id: offerId.optional().describe('An offer, in place of an order.'),
    amount_minor: amountMinor.optional().describe('With an offer: the price, or what it pays.'),
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
    uses: z
      .array(offeredUse)
      .describe('What each would give, in the order in which they apply; empty when not usable.'),
    benefit_minor: amountMinor.nullable().describe('Of all of them together.'),
    refusal: z
      .object({ code: promoCodeRefusal, message: z.string(), details: z.record(z.string(), z.unknown()) })
      .nullable(),
  })
  .meta({ id: 'PromoCodesVerdict' });

export const validateCodes = query({
  type: 'promotions.validate-codes.v1',
  service: 'promotions',
  about: 'What promo codes would give a person for an offer at this moment, or why not. Nothing is taken or promised.',
  request: z.object({
    person_id: id,
    codes: promoCodes,
    offer_id: offerId,
    amount_minor: amountMinor.optional(),
    currency: currency.optional(),
    visible_to: visibleTo,
    publisher_id: text(200).optional().describe('A publisher who asks, and sees why for codes of their own.'),
  }),
  response: codesVerdict,
});

export const promoCodeDeactivated = event({
  type: 'promotions.promo-code-deactivated.v1',
  producer: 'promotions',
  consumers: [],
  about:
    'The last use of a code was taken, and it was deactivated in the same moment. Told once each time that happens.',
  data: z.object({
    code_id: id,
    code: z.string(),
    reason: z.enum(['max_uses_reached']),
    used: z.int().min(0),
    max_uses: z.int().min(0),
    deactivated_at: instant,
  }),
});
