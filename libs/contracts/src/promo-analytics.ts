import { z } from 'zod';
import { query } from './contract.js';
import { balanceMinor, currency, day, id, instant, pageOf, paging } from './wire.js';

/** The numbers of promo codes. Days are days of UTC; a span of days includes both of its ends. */
const utcDay = day.describe('A day of UTC.');
const span = {
  from: utcDay.optional().describe('The first day (UTC); from the beginning when left out.'),
  to: utcDay.optional().describe('The last day (UTC), included; until now when left out.'),
};

/** Whose codes may be seen: a publisher’s own, or null for those who see all. */
const ownedBy = z.string().min(1).max(255).nullable();

const count = z.int().min(0);
/** The two answers of which this is part were promised as decimals; everything else is in minor units. */
const majorUnits = z.number().describe('In major units of the currency: 12.5 is 12.50 EUR.');

export const offerAnalytics = z
  .object({
    code: z.string(),
    total_uses: count.describe('The sum of the breakdown, and of the code’s own counter when no days are named.'),
    offer_breakdown: z.array(
      z.object({
        offer_id: z.string().nullable().describe('Null for uses that name no offer.'),
        offer_name: z.string().nullable().describe('A deleted offer keeps its name.'),
        uses: count.describe(
          'Uses that keep their slot: one that was reversed counts if its code does not give it back.',
        ),
        total_bonus: majorUnits.describe('Bonus earned and not taken back; a discount earns none.'),
        unique_users: count.describe('Persons with such a use; each once per offer.'),
      }),
    ),
  })
  .meta({ id: 'OfferAnalytics' });

export const getOfferAnalytics = query({
  type: 'promotions.get-offer-analytics.v1',
  service: 'promotions',
  about:
    'The uses of a code by offer, exact at this moment. Days count by when a use was applied; a reversal takes away from ' +
    'that day. SEVERAL_CURRENCIES: an offer earned bonus in more than one currency, which do not add up; name one.',
  refusals: ['PROMO_CODE_NOT_FOUND', 'SEVERAL_CURRENCIES', 'DATES_REVERSED'],
  request: z.object({
    code_id: id,
    owned_by: ownedBy,
    ...span,
    currency: currency.optional().describe('Count bonus of this currency alone.'),
  }),
  response: offerAnalytics,
});

export const userApplication = z
  .object({
    user_id: id,
    username: z.string().nullable().describe('Null for somebody who is not registered here.'),
    email: z.string().nullable(),
    offer_id: z.string().nullable(),
    offer_name: z.string().nullable(),
    applied_at: instant.describe(
      'When it was used, a conversion when it happened: told later, it stands where it was told, and counts on its day.',
    ),
    bonus_earned: majorUnits.describe('Nothing for a discount, or once it was taken back.'),
    conversion_id: z.string().nullable(),
  })
  .meta({ id: 'UserApplication' });

export const userApplications = z
  .object({
    applications: z.array(userApplication),
    total: count,
    page: z.int().min(1),
    limit: z.int().min(1),
  })
  .meta({ id: 'UserApplications' });

export const listUserApplications = query({
  type: 'promotions.list-user-applications.v1',
  service: 'promotions',
  about:
    'Who used a code for what, newest first. The list only ever grows at its beginning, so it is the same again when one ' +
    'asks for it as it stood when it had `total` entries; the answer’s Link header does.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({
    code_id: id,
    ...paging,
    total: count.optional().describe('The list as it stood when it had so many entries; as it stands when left out.'),
  }),
  response: userApplications,
});

export const exportUserApplications = query({
  type: 'promotions.export-user-applications.v1',
  service: 'promotions',
  about: 'The same list piece by piece: what lies below the entry `below`, newest first.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id, below: z.int().min(1).nullable(), limit: z.int().min(1).max(1_000) }),
  response: z.object({
    code: z.string(),
    applications: z.array(userApplication.extend({ currency: currency.nullable() })),
    next: z.int().nullable().describe('Where the next piece begins; null at the end.'),
  }),
});

/** What uses gave in one currency. */
const amounts = z.object({
  currency,
  discount_minor: balanceMinor.describe('Given as discounts.'),
  bonus_minor: balanceMinor.describe('Given as bonus.'),
  taken_back_minor: balanceMinor.describe('Of either, by reversals.'),
  revenue_minor: balanceMinor.describe(
    'What was paid for the orders, reversed ones not counted. What outside systems tell brings none.',
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
      .describe('Every day, those on which nothing happened too.'),
  })
  .meta({ id: 'PromoCodeSeries' });

export const getCodeSeries = query({
  type: 'promotions.get-code-series.v1',
  service: 'promotions',
  about:
    'What happened with a code day by day (UTC), exact at this moment: redemptions and what they gave on the day they were ' +
    'applied, reversals and what they took back on the day they came. The last 30 days when none are named, 800 at the most.',
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
  about: 'The codes that did most in a span of days (UTC), exact at this moment. Money is compared in one currency.',
  refusals: ['CURRENCY_REQUIRED', 'DATES_REVERSED'],
  request: z.object({
    by: topCodesBy.default('redemptions'),
    currency: currency.optional().describe('Needed to compare money.'),
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
    what: z.string().describe('What was decided: apply, hold, convert or reverse.'),
    allowed: z.boolean(),
    reason: z.string().nullable().describe('The code of the refusal.'),
    code_id: id.nullable().describe('Null where no code has this text.'),
    code: z.string(),
    person_id: id.nullable(),
    offer_id: z.string().nullable(),
    local_time: z.string().nullable().describe('What the wall clock of the code’s zone showed.'),
    timezone: z.string().nullable(),
    trace: z.unknown().describe('The rules that were asked, in order, with their answers.'),
    before: counters,
    after: counters,
    at: instant,
  })
  .meta({ id: 'DecisionReceipt' });

export const listDecisionReceipts = query({
  type: 'promotions.list-decision-receipts.v1',
  service: 'promotions',
  about: 'Why a code was allowed or refused, newest first: of a code, of a person, or of both together.',
  request: z.object({ code_id: id.optional(), person_id: id.optional(), ...paging }),
  response: pageOf(decisionReceipt),
});

export const codeProof = z
  .object({
    code_id: id,
    code: z.string(),
    counter: count.describe('Uses, as the code’s row counts them.'),
    sum_of_rows: z.int().describe('The same, counted from the journal, entry by entry.'),
    analytics: z.int().describe('The same, as the analytics tell it.'),
    holds: z
      .object({ counter: count, rows: count })
      .describe(
        'Slots that are taken and not yet redeemed: by open orders, or since a code was taken that counts then.',
      ),
    per_person: z.int().describe('Used and held slots, added up over persons.'),
    per_offer: z.int().describe('Those that name an offer, added up over offers.'),
    max_uses: z.int().nullable(),
    agrees: z.boolean(),
    disagreements: z.array(z.string()).describe('What does not agree, in words; empty when all does.'),
    at: instant,
  })
  .meta({ id: 'PromoCodeProof' });

export const proveCode = query({
  type: 'promotions.prove-code.v1',
  service: 'promotions',
  about: 'Counts a code’s uses from its rows, all in one snapshot, and says whether the counters agree.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id }),
  response: codeProof,
});

/**
 * What these are asked for over HTTP. A span's ends may be instants too: the UTC days that they fall on count whole.
 */
const dayOrInstant = z.union([utcDay, instant]);
const spanQuery = {
  from: dayOrInstant.optional().describe('The first day (UTC), or an instant of it; from the beginning when left out.'),
  to: dayOrInstant.optional().describe('The last day (UTC), included, or an instant of it; until now when left out.'),
};

export const offerAnalyticsQuery = z.strictObject({ ...spanQuery, currency: currency.optional() });

export const codeSeriesQuery = z.strictObject(spanQuery);

export const topCodesQuery = z.strictObject({
  by: topCodesBy.default('redemptions'),
  currency: currency.optional().describe('Needed to compare money.'),
  ...spanQuery,
  limit: z.coerce.number().int().min(1).max(100).default(10),
});

/** Checked by the gateway itself, because what is out of range here is a 422 by promise. */
const wholeNumber = (minimum: number, maximum: number) =>
  z.string().optional().meta({ type: 'integer', minimum, maximum });
export const userApplicationsQuery = z.strictObject({
  page: wholeNumber(1, 1_000_000).describe('Counts from 1.'),
  limit: wholeNumber(1, 200).describe('Items per page; 50 when left out.'),
  total: wholeNumber(0, Number.MAX_SAFE_INTEGER).describe(
    'The list as it stood when it had so many entries: the first page’s `total`, for pages that do not move.',
  ),
});

export const codeReceiptsQuery = z.strictObject({
  person_id: id.optional(),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1).describe('Counts from 1.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items per page.'),
});

export const receiptsQuery = codeReceiptsQuery.extend({ code_id: id.optional() });
