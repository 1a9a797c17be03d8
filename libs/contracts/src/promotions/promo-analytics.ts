import { z } from 'zod';
import { query } from '../contract.js';
import { balanceMinor, currency, day, id, instant, pageMembers, paging, text } from '../wire.js';
import { offerId } from './promo-redemptions.js';

/** Analytics of promo codes. Days are UTC days; a date range includes both ends. */
const utcDay = day.describe('A UTC day.');
const span = {
  from: utcDay.optional().describe('The first day (UTC); the beginning by default.'),
  to: utcDay.optional().describe('The last day (UTC), included; today by default.'),
};

/** The publisher whose codes are visible; null for roles that see all codes. */
const ownedBy = z.string().min(1).max(255).nullable();

const count = z.int().min(0);
/** Two answers have decimals in major units by agreement; all others have minor units. */
const majorUnits = z.number().describe('In major units of the currency: 12.5 is 12.50 EUR.');

/** The offers of a breakdown. */
const offerFilter = {
  offer_id: offerId.optional(),
  search: text(200).optional().describe('A part of the name of the offer, or the beginning of its id.'),
};

export const offerAnalytics = z
  .object({
    code: z.string(),
    currency: currency.nullable().describe('The currency of all bonuses; null if there are none or several.'),
    total_uses: count.describe('The sum of the breakdown; without filters it equals the counter of the code.'),
    total_bonus_minor: count.nullable().describe('The sum of the breakdown; null if it has several currencies.'),
    offer_breakdown: z.array(
      z.object({
        offer_id: z.string().nullable().describe('Null for redemptions without an offer.'),
        offer_name: z.string().nullable().describe('A deleted offer keeps its name.'),
        uses: count.describe(
          'Redemptions that count against the limits. A reversed one counts if the code does not give it back.',
        ),
        total_bonus: majorUnits.describe('The earned bonus without reversals; a discount earns none.'),
        total_bonus_minor: count.describe('The same in minor units.'),
        currency: currency.nullable().describe('The currency of the bonus; null where none was earned.'),
        unique_users: count.describe('The persons with such a redemption, each once per offer.'),
      }),
    ),
  })
  .meta({ id: 'OfferAnalytics' });

export const getOfferAnalytics = query({
  type: 'promotions.get-offer-analytics.v1',
  service: 'promotions',
  about:
    'The redemptions of a code by offer, exact at the time of the request. A redemption counts on the day of its ' +
    'application; a reversal subtracts from that day. SEVERAL_CURRENCIES: give one currency, because an offer earned ' +
    'bonus in several.',
  refusals: ['PROMO_CODE_NOT_FOUND', 'SEVERAL_CURRENCIES', 'DATES_REVERSED'],
  request: z.object({
    code_id: id,
    owned_by: ownedBy,
    ...span,
    currency: currency.optional().describe('Counts only bonus in this currency.'),
    ...offerFilter,
  }),
  response: offerAnalytics,
});

export const userApplication = z
  .object({
    user_id: id,
    username: z.string().nullable().describe('Null for a person who is not registered here.'),
    email: z.string().nullable(),
    offer_id: z.string().nullable(),
    offer_name: z.string().nullable(),
    applied_at: instant.describe(
      'The instant of the redemption or conversion. A conversion that was recorded later is listed by its recording, and ' +
        'counts on the day of this instant.',
    ),
    bonus_earned: majorUnits.describe('Zero for a discount, and after a reversal.'),
    bonus_earned_minor: count.describe('The same in minor units.'),
    currency: currency.nullable(),
    conversion_id: z.string().nullable(),
  })
  .meta({ id: 'UserApplication' });

export const userApplications = z
  .object({
    applications: z.array(userApplication),
    ...pageMembers,
  })
  .meta({ id: 'UserApplications' });

/** The filters of a list of applications. */
export const applicationFilter = {
  offer_id: offerId.optional(),
  from: utcDay.optional().describe('Applied on this day (UTC) or later.'),
  to: utcDay.optional().describe('Applied on this day (UTC) or earlier.'),
  search: text(200)
    .optional()
    .describe('The beginning of the username or of the e-mail address, or the id of a person.'),
};

export const listUserApplications = query({
  type: 'promotions.list-user-applications.v1',
  service: 'promotions',
  about:
    'The applications of a code by person, newest first. The list grows only at its beginning, so `total` requests the ' +
    'list at an earlier length; the links of the Link header do. A filtered list has no `total`.',
  refusals: ['PROMO_CODE_NOT_FOUND', 'DATES_REVERSED'],
  request: z.object({
    code_id: id,
    ...applicationFilter,
    ...paging(z.tuple([z.int().min(1)])),
    total: count.optional().describe('The length at which the list is read; its current length by default.'),
  }),
  response: userApplications,
});

export const exportUserApplications = query({
  type: 'promotions.export-user-applications.v1',
  service: 'promotions',
  about: 'The same list in pieces: the entries below the entry `below`, newest first.',
  refusals: ['PROMO_CODE_NOT_FOUND', 'DATES_REVERSED'],
  request: z.object({
    code_id: id,
    ...applicationFilter,
    below: z.int().min(1).nullable(),
    limit: z.int().min(1).max(1_000),
  }),
  response: z.object({
    code: z.string(),
    applications: z.array(userApplication),
    next: z.int().nullable().describe('The cursor of the next piece; null at the end.'),
  }),
});

/** The amounts of redemptions in one currency. */
const amounts = z.object({
  currency,
  discount_minor: balanceMinor.describe('The sum of discounts.'),
  bonus_minor: balanceMinor.describe('The sum of bonuses.'),
  reversed_minor: balanceMinor.describe('The sum of reversed discounts and bonuses.'),
  revenue_minor: balanceMinor.describe(
    'The amount paid for the orders, without reversed ones. Conversions of outside systems have no revenue.',
  ),
});

export const codeSeries = z
  .object({
    code_id: id,
    code: z.string(),
    from: utcDay,
    to: utcDay,
    days: z
      .array(z.object({ day: utcDay, redemptions: count, reversals: count, amounts: z.array(amounts) }))
      .describe('Every day of the range, also days without activity.'),
  })
  .meta({ id: 'PromoCodeSeries' });

export const getCodeSeries = query({
  type: 'promotions.get-code-series.v1',
  service: 'promotions',
  about:
    'The activity of a code by day (UTC), exact at the time of the request. Redemptions count on the day of their ' +
    'application, reversals on the day of the reversal. The last 30 days by default, at most 800.',
  refusals: ['PROMO_CODE_NOT_FOUND', 'DATES_REVERSED', 'SPAN_TOO_LONG'],
  request: z.object({ code_id: id, owned_by: ownedBy, ...span }),
  response: codeSeries,
});

export const topCodesBy = z.enum(['redemptions', 'discount', 'bonus', 'revenue']);

export const topCode = z
  .object({
    code_id: id,
    code: z.string(),
    title: z.string(),
    kind: z.enum(['discount', 'bonus']),
    redemptions: count,
    reversals: count,
    amounts: z.array(amounts),
  })
  .meta({ id: 'TopPromoCode' });

export const listTopCodes = query({
  type: 'promotions.list-top-codes.v1',
  service: 'promotions',
  about: 'The top codes of a date range (UTC), exact at the time of the request. Amounts are compared in one currency.',
  refusals: ['CURRENCY_REQUIRED', 'DATES_REVERSED'],
  request: z.object({
    by: topCodesBy.default('redemptions'),
    currency: currency.optional().describe('Required to compare amounts.'),
    ...span,
    limit: z.int().min(1).max(100).default(10),
  }),
  response: z.object({ items: z.array(topCode) }).meta({ id: 'TopPromoCodes' }),
});

export const codeProof = z
  .object({
    code_id: id,
    code: z.string(),
    counter: count.describe('The counter of uses in the code’s row.'),
    sum_of_rows: z.int().describe('The same, counted from the journal of redemptions.'),
    analytics: z.int().describe('The same, by the analytics.'),
    holds: z
      .object({ counter: count, rows: count })
      .describe(
        'Slots that are held and not yet redeemed: by open orders, or by applications of a code that counts on apply.',
      ),
    per_person: z.int().describe('Used and held slots, summed over persons.'),
    per_offer: z.int().describe('Used and held slots with an offer, summed over offers.'),
    max_uses: z.int().nullable(),
    agrees: z.boolean(),
    disagreements: z.array(z.string()).describe('The differences in plain words; empty when all counters agree.'),
    at: instant,
  })
  .meta({ id: 'PromoCodeProof' });

export const proveCode = query({
  type: 'promotions.prove-code.v1',
  service: 'promotions',
  about: 'Counts the uses of a code from its rows in one snapshot, and compares the counters.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id }),
  response: codeProof,
});

/** The query strings over HTTP. A date range may end in instants: the whole UTC days of these instants count. */
const dayOrInstant = z.union([utcDay, instant]);
const spanQuery = {
  from: dayOrInstant.optional().describe('The first day (UTC), or an instant of it; the beginning by default.'),
  to: dayOrInstant.optional().describe('The last day (UTC), included, or an instant of it; today by default.'),
};

export const offerAnalyticsQuery = z.strictObject({ ...spanQuery, currency: currency.optional(), ...offerFilter });

/** The filters of a list of applications over HTTP. */
export const userApplicationFilter = z.strictObject({ ...applicationFilter, ...spanQuery });

export const codeSeriesQuery = z.strictObject(spanQuery);

export const topCodesQuery = z.strictObject({
  by: topCodesBy.default('redemptions'),
  currency: currency.optional().describe('Required to compare amounts.'),
  ...spanQuery,
  limit: z.coerce.number().int().min(1).max(100).default(10),
});
