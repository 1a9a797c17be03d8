import { z } from 'zod';
import { command, query } from '../contract.js';
import { amountMinor, currency, id, instant, pageOf, paging, visibleTo } from '../wire.js';
import { activeHours, countsOn, offersRule } from './promo-code-terms.js';
import { promoCode, promoCodeRefusal, promoCodeRefusals } from './promo-redemptions.js';

export const applyCodeBody = z.strictObject({ person_id: id, promo_code: promoCode }).meta({ id: 'ApplyPromoCode' });

/** A bonus code that a person applied, or that lists them, as they see it. */
export const heldCode = z
  .object({
    code_id: id,
    code: z.string(),
    title: z.string(),
    percent_bp: z.int().nullable().describe('Hundredths of a percent of the payout of an offer.'),
    amount_minor: amountMinor.nullable(),
    cap_minor: amountMinor.nullable(),
    minimum_minor: amountMinor.nullable(),
    currency: currency.nullable(),
    counts_on: countsOn,
    applied_at: instant
      .nullable()
      .describe('The instant of application; null while the code is only offered to the person.'),
    state: z
      .enum(['offered', 'applied', 'spent'])
      .describe('Spent: its use was counted at application, and has been converted.'),
    usable: z.boolean().describe('Whether the rules allow it to be applied or converted now.'),
    refusal: promoCodeRefusal.nullable(),
    active_hours: activeHours,
    days: z.array(z.int()).nullable(),
    next_opens_at: instant
      .nullable()
      .describe('The next opening of its hours; null while they are open, or if there is none.'),
    closes_at: instant.nullable().describe('The end of its open hours.'),
    valid_from: instant.nullable(),
    valid_until: instant.nullable(),
    offers_rule: offersRule,
    offers: z.array(z.object({ offer_id: z.string(), name: z.string().nullable() })),
    uses: z.int().min(0).describe('The uses of this person, including held ones.'),
  })
  .meta({ id: 'HeldPromoCode' });

export const applyCode = command({
  type: 'promotions.apply-code.v1',
  service: 'promotions',
  subject: 'code_id',
  about:
    'Applies a bonus code for a person, within its hours. It is redeemed when they complete one of its offers. A repeat ' +
    'changes nothing. A caller who does not hold the code gets PROMO_CODE_NOT_USABLE for every reason.',
  refusals: [...promoCodeRefusals],
  request: z.object({
    person_id: id,
    promo_code: promoCode,
    visible_to: visibleTo,
  }),
  response: heldCode,
});

export const listHeldCodes = query({
  type: 'promotions.list-held-codes.v1',
  service: 'promotions',
  about: 'The bonus codes that a person applied, newest first, followed by those offered to them.',
  request: z.object({ person_id: id, ...paging(z.tuple([instant.nullable(), id])) }),
  response: pageOf(heldCode),
});
