import { z } from 'zod';
import { command, query } from './contract.js';
import { activeHours, countsOn, offersRule } from './promo-code-terms.js';
import { promoCode, promoCodeRefusal, promoCodeRefusals } from './promo-redemptions.js';
import { amountMinor, currency, id, instant, pageOf, paging, visibleTo } from './wire.js';

export const applyCodeBody = z.strictObject({ person_id: id, promo_code: promoCode }).meta({ id: 'ApplyPromoCode' });

/** A bonus code that somebody took, or that lists them, as they see it. */
export const heldCode = z
  .object({
    code_id: id,
    code: z.string(),
    title: z.string(),
    percent_bp: z.int().nullable().describe('Hundredths of a percent of what an offer pays.'),
    amount_minor: amountMinor.nullable(),
    cap_minor: amountMinor.nullable(),
    minimum_minor: amountMinor.nullable(),
    currency: currency.nullable(),
    counts_on: countsOn,
    applied_at: instant.nullable().describe('When the person took it; null while it is only there for them to take.'),
    state: z
      .enum(['offered', 'applied', 'spent'])
      .describe('Spent: its use was counted when it was taken, and has been converted.'),
    usable: z.boolean().describe('Whether it can be taken, or converted, at this moment, as far as rules say.'),
    refusal: promoCodeRefusal.nullable(),
    active_hours: activeHours,
    days: z.array(z.int()).nullable(),
    next_opens_at: instant.nullable().describe('When its hours open next; null while they are open, or if never.'),
    closes_at: instant.nullable().describe('When its hours that are open now end.'),
    valid_from: instant.nullable(),
    valid_until: instant.nullable(),
    offers_rule: offersRule,
    offers: z.array(z.object({ offer_id: z.string(), name: z.string().nullable() })),
    uses: z.int().min(0).describe('How often this person used it, a use that is held included.'),
  })
  .meta({ id: 'HeldPromoCode' });

export const applyCode = command({
  type: 'promotions.apply-code.v1',
  service: 'promotions',
  about:
    'A person takes a bonus code, within its hours. It is used when they complete an offer that it is for. Taken again, ' +
    'it stays as it is. Whoever does not hold a code hears PROMO_CODE_NOT_USABLE whatever is wrong.',
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
  about: 'The bonus codes that a person took, newest first, and then those that are there for them to take.',
  request: z.object({ person_id: id, ...paging }),
  response: pageOf(heldCode),
});
