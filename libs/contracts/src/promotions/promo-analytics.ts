import { z } from 'zod';
import { query } from '../contract.js';
import { balanceMinor, currency, day, id, idKey, instant, pageMembers, pageOf, paging } from '../wire.js';

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

export const offerAnalytics = z
  .object({
    code: z.string(),
    total_uses: count.describe('The sum of the breakdown; without a date range it equals the counter of the code.'),
    offer_breakdown: z.array(
      z.object({
        offer_id: z.string().nullable().describe('Null for redemptions without an offer.'),
        offer_name: z.string().nullable().describe('A deleted offer keeps its name.'),
        uses: count.describe(
          'Redemptions that count against the limits. A reversed one counts if the code does not give it back.',
        ),
        total_bonus: majorUnits.describe('The earned bonus without reversals; a discount earns none.'),
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
    conversion_id: z.string().nullable(),
  })
  .meta({ id: 'UserApplication' });

export const userApplications = z
  .object({
    applications: z.array(userApplication),
    ...pageMembers,
  })
  .meta({ id: 'UserApplications' });

export const listUserApplications = query({
  type: 'promotions.list-user-applications.v1',
  service: 'promotions',
  about:
    'The applications of a code by person, newest first. The list grows only at its beginning, so `total` requests the ' +
    'list at an earlier length; the links of the Link header do.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({
    code_id: id,
    ...paging(z.tuple([z.int().min(1)])),
    total: count.optional().describe('The length at which the list is read; its current length by default.'),
  }),
  response: userApplications,
});

export const exportUserApplications = query({
  type: 'promotions.export-user-applications.v1',
  service: 'promotions',
  about: 'The same list in pieces: the entries below the entry `below`, newest first.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id, below: z.int().min(1).nullable(), limit: z.int().min(1).max(1_000) }),
  response: z.object({
    code: z.string(),
    applications: z.array(userApplication.extend({ currency: currency.nullable() })),
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

const counters = z.object({
  used: z.int().nullable(),
  held: z.int().nullable(),
  given_minor: z.int().nullable(),
  of_person: z.int().nullable(),
  of_offer: z.int().nullable(),
});

export const decisionReceipt = z
  .object({
    receipt_id: id,
    what: z.string().describe('The decision: apply, hold, convert or reverse.'),
    allowed: z.boolean(),
    reason: z.string().nullable().describe('The code of the refusal.'),
    code_id: id.nullable().describe('Null when no code has this text.'),
    code: z.string(),
    person_id: id.nullable(),
    offer_id: z.string().nullable(),
    local_time: z.string().nullable().describe('The wall-clock time in the zone of the code.'),
    timezone: z.string().nullable(),
    trace: z.unknown().describe('The evaluated rules in order, with their results.'),
    before: counters,
    after: counters,
    at: instant,
  })
  .meta({ id: 'DecisionReceipt' });

export const listDecisionReceipts = query({
  type: 'promotions.list-decision-receipts.v1',
  service: 'promotions',
  about: 'Decision receipts, newest first, by code, by person or by both.',
  request: z.object({ code_id: id.optional(), person_id: id.optional(), ...paging(idKey) }),
  response: pageOf(decisionReceipt),
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

export const offerAnalyticsQuery = z.strictObject({ ...spanQuery, currency: currency.optional() });

export const codeSeriesQuery = z.strictObject(spanQuery);

export const topCodesQuery = z.strictObject({
  by: topCodesBy.default('redemptions'),
  currency: currency.optional().describe('Required to compare amounts.'),
  ...spanQuery,
  limit: z.coerce.number().int().min(1).max(100).default(10),
});
