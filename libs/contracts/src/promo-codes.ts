import { z } from 'zod';
import { command, query } from './contract.js';
import { offerId } from './promo-uses.js';
import {
  amountMinor,
  currency,
  day,
  freeText,
  id,
  instant,
  isStorable,
  pageOf,
  paging,
  positiveAmountMinor,
} from './wire.js';

/** Instants of codes come back as they were sent: whole microseconds, as databases keep them, of years that all can read. */
const keptInstant = instant.refine((text) => {
  // What is no instant at all was told already.
  const [, year, fraction = ''] = /^(\d{4})-[^.]*(?:\.(\d+))?/.exec(text) ?? [text, '1970'];
  return Number(year) >= 1970 && Number(year) < 9999 && fraction.replace(/0+$/, '').length <= 6;
}, 'Of the years 1970 to 9998, not finer than a microsecond.');

export const codeText = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\s\p{C}]+$/u, 'No spaces and no invisible characters.')
  .refine(isStorable, 'Contains characters that cannot be stored.')
  .describe('What people type: kept as written, the same in any case of its letters.');

export const codeKind = z.enum(['discount', 'bonus']).describe('A discount lowers an order; a bonus is earned by one.');
export const codeStatus = z.enum(['draft', 'active', 'paused', 'expired', 'archived']);
export const offersRule = z.enum(['all', 'some', 'all_but']);
export const audience = z.enum(['everyone', 'listed', 'new_persons']);
export const stacking = z.enum(['exclusive', 'combinable']);
export const countsOn = z.enum(['apply', 'conversion']).describe('At which moment a bonus code’s use is counted.');

const time = z.string().max(16).describe('A time of the day, HH:MM.');
const zone = z.string().max(64).describe('An IANA time zone name, such as Asia/Kolkata.');
const weekday = z.int().min(1).max(7);
/** Who an admin or publisher is: the subject of their token. */
const subject = z.string().min(1).max(255).refine(isStorable, 'Contains characters that cannot be stored.');
const limit = z.int().min(1).max(1_000_000_000_000);

/** Wall-clock hours, the end minute inside; a start after the end is a night, which belongs to its opening day. */
export const activeHours = z
  .object({ enabled: z.boolean(), start_time: z.string(), end_time: z.string(), timezone: z.string() })
  .meta({ id: 'ActiveHours' });

/** Whether a use that ends for this reason comes back to the code’s limits. */
export const giveBack = z
  .object({ cancel: z.boolean(), refund: z.boolean(), fraud: z.boolean(), chargeback: z.boolean() })
  .meta({ id: 'GiveBack' });

const hours = { enabled: z.boolean(), start_time: time, end_time: time, timezone: zone };
const reasons = { cancel: z.boolean(), refund: z.boolean(), fraud: z.boolean(), chargeback: z.boolean() };

/** What may be said about a code; a null takes away a limit. */
const terms = {
  title: freeText(200),
  owner_id: subject.nullable().describe('The publisher whose code it is: the subject of their token.'),
  kind: codeKind,
  percent_bp: z.int().min(1).max(10_000).nullable().describe('Hundredths of a percent: 1250 is 12.5%.'),
  amount_minor: positiveAmountMinor.nullable().describe('A fixed benefit; exactly one of it and percent_bp is given.'),
  cap_minor: positiveAmountMinor.nullable().describe('The most that a percentage gives.'),
  minimum_minor: amountMinor.nullable().describe('The least that an order or payout must be worth.'),
  currency: currency.nullable().describe('Null only for a bare percentage: any currency.'),
  valid_from: keptInstant.nullable(),
  valid_until: keptInstant.nullable().describe('From this instant on it does not work any more.'),
  days: z
    .array(weekday)
    .min(1)
    .max(7)
    .nullable()
    .describe('ISO weekdays (1 is Monday) of the day that the hours open on.'),
  max_uses: limit.nullable(),
  max_uses_per_person: limit.nullable(),
  max_uses_per_offer: limit.nullable(),
  budget_minor: positiveAmountMinor.nullable().describe('The most that all uses together may give.'),
  offers_rule: offersRule,
  offers: z.array(offerId).max(1_000).describe('The offers that it is for, or not for, as offers_rule says.'),
  audience,
  persons: z.array(id).max(1_000).describe('Whom a code with the audience “listed” is for.'),
  stacking,
  precedence: z.int().min(-1_000).max(1_000).describe('Combinable codes: the lower goes first.'),
  auto_deactivate_on_max_uses: z.boolean(),
  counts_on: countsOn,
};

/** Terms of new codes, with what is true when nothing is said. */
const newTerms = {
  title: terms.title.default(''),
  owner_id: terms.owner_id.default(null),
  kind: terms.kind,
  percent_bp: terms.percent_bp.default(null),
  amount_minor: terms.amount_minor.default(null),
  cap_minor: terms.cap_minor.default(null),
  minimum_minor: terms.minimum_minor.default(null),
  currency: terms.currency.default(null),
  valid_from: terms.valid_from.default(null),
  valid_until: terms.valid_until.default(null),
  active_hours: z
    .strictObject({
      enabled: hours.enabled.default(false),
      start_time: hours.start_time.default('00:00'),
      end_time: hours.end_time.default('23:59'),
      timezone: hours.timezone.default('UTC'),
    })
    .prefault({}),
  days: terms.days.default(null),
  max_uses: terms.max_uses.default(null),
  max_uses_per_person: terms.max_uses_per_person.default(null),
  max_uses_per_offer: terms.max_uses_per_offer.default(null),
  budget_minor: terms.budget_minor.default(null),
  offers_rule: terms.offers_rule.default('all'),
  offers: terms.offers.default([]),
  audience: terms.audience.default('everyone'),
  persons: terms.persons.default([]),
  stacking: terms.stacking.default('exclusive'),
  precedence: terms.precedence.default(0),
  auto_deactivate_on_max_uses: terms.auto_deactivate_on_max_uses.default(true),
  counts_on: terms.counts_on.default('conversion'),
  give_back: z
    .strictObject({
      cancel: reasons.cancel.default(true),
      refund: reasons.refund.default(true),
      fraud: reasons.fraud.default(false),
      chargeback: reasons.chargeback.default(false),
    })
    .prefault({}),
  status: z.enum(['draft', 'active', 'paused']).default('active'),
};

export const promoCodeBody = z.strictObject({ code: codeText, ...newTerms }).meta({ id: 'PromoCodeBody' });

/** What many codes have in common. */
export const promoCodeTerms = z.strictObject(newTerms).meta({ id: 'PromoCodeTerms' });

/** What a change may name; what it does not name stays. */
export const promoCodeChangeBody = z
  .strictObject({
    ...terms,
    active_hours: z.strictObject(hours).partial(),
    give_back: z.strictObject(reasons).partial(),
    version: z
      .int()
      .min(1)
      .describe('When given: the change is refused if somebody changed the code since this version.'),
  })
  .partial()
  .meta({ id: 'PromoCodeChange' });

export const promoCodeView = z
  .object({
    code_id: id,
    code: z.string(),
    title: z.string(),
    owner_id: z.string().nullable(),
    batch_id: id.nullable().describe('The generation or import that it came from.'),
    kind: codeKind,
    percent_bp: z.int().nullable(),
    amount_minor: amountMinor.nullable(),
    cap_minor: amountMinor.nullable(),
    minimum_minor: amountMinor.nullable(),
    currency: currency.nullable(),
    valid_from: instant.nullable(),
    valid_until: instant.nullable(),
    active_hours: activeHours,
    days: z.array(weekday).nullable(),
    max_uses: z.int().nullable(),
    max_uses_per_person: z.int().nullable(),
    max_uses_per_offer: z.int().nullable(),
    budget_minor: amountMinor.nullable(),
    offers_rule: offersRule,
    offers: z.array(z.string()),
    audience,
    stacking,
    precedence: z.int(),
    auto_deactivate_on_max_uses: z.boolean(),
    counts_on: countsOn,
    give_back: giveBack,
    status: codeStatus,
    auto_deactivated_at: instant.nullable().describe('When its last use was taken and that ended it.'),
    usage_count: z.int().describe('Uses that were made and keep their slot.'),
    held_count: z
      .int()
      .describe(
        'Slots that are taken and not yet redeemed: by open orders, or since a code was taken that counts then.',
      ),
    given_minor: z.int().describe('What those uses gave.'),
    held_minor: z.int().describe('What the held ones will give.'),
    version: z.int().min(1).describe('Of the terms: rises with each change.'),
    first_used_at: instant.nullable(),
    created_at: instant,
    created_by: z.string(),
    updated_at: instant,
  })
  .meta({ id: 'PromoCode' });

const termsRefusals = [
  'PROMO_CODE_INVALID',
  'ACTIVE_HOURS_INVALID',
  'TIME_ZONE_UNKNOWN',
  'CURRENCY_UNKNOWN',
  'DATES_REVERSED',
];

/** Whose codes may be seen: a publisher’s own, or null for those who see all. */
const ownedBy = subject.nullable();

export const createPromoCode = command({
  type: 'promotions.create-code.v1',
  service: 'promotions',
  about: 'Makes a code.',
  refusals: [...termsRefusals, 'PROMO_CODE_TAKEN'],
  request: promoCodeBody.extend({ created_by: subject }),
  response: promoCodeView,
});

export const changePromoCode = command({
  type: 'promotions.change-code.v1',
  service: 'promotions',
  about:
    'Changes a code for uses to come. What would rewrite history (kind, currency) stays once it was used. A code that ended ' +
    'by its limit or its time works again when that is raised.',
  refusals: [
    ...termsRefusals,
    'PROMO_CODE_NOT_FOUND',
    'PROMO_CODE_CHANGED',
    'PROMO_CODE_IN_USE',
    'PROMO_CODE_LIMIT_BELOW_USES',
    'PROMO_CODE_STATUS_CONFLICT',
  ],
  request: promoCodeChangeBody.extend({ code_id: id, changed_by: subject }),
  response: promoCodeView,
});

export const moveCodeStatus = command({
  type: 'promotions.move-code-status.v1',
  service: 'promotions',
  about: 'Enables, disables or archives a code. One that is there already stays as it is.',
  refusals: ['PROMO_CODE_NOT_FOUND', 'PROMO_CODE_STATUS_CONFLICT'],
  request: z.object({ code_id: id, move: z.enum(['enable', 'disable', 'archive']), changed_by: subject }),
  response: promoCodeView,
});

export const getPromoCode = query({
  type: 'promotions.get-code.v1',
  service: 'promotions',
  about: 'A code with its terms and its counters.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id }),
  response: promoCodeView,
});

const codeFilter = {
  owner_id: subject.optional(),
  batch_id: id.optional(),
  kind: codeKind.optional(),
  status: codeStatus.optional().describe('All but the archived when left out.'),
  search: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine(isStorable)
    .optional()
    .describe('How the code begins, or a part of its title.'),
};

/** What a list of codes is asked for, as it stands in a query string. */
export const promoCodeFilter = z.strictObject(codeFilter);

export const listPromoCodes = query({
  type: 'promotions.list-codes.v1',
  service: 'promotions',
  about: 'Codes, newest first.',
  request: z.object({ ...codeFilter, ...paging }),
  response: pageOf(promoCodeView),
});

export const exportPromoCodes = query({
  type: 'promotions.export-codes.v1',
  service: 'promotions',
  about: 'Codes in the order of their making, from the one after `after` on.',
  request: z.object({ ...codeFilter, after: id.nullable(), limit: z.int().min(1).max(2_000) }),
  response: z.object({ items: z.array(promoCodeView), next: id.nullable() }),
});

export const promoCodeChange = z
  .object({
    version: z.int().min(2).describe('The version that the change made.'),
    changed_by: z.string(),
    at: instant,
    before: z.record(z.string(), z.unknown()).describe('The members that changed, as they were.'),
    after: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'PromoCodeAudit' });

export const listCodeChanges = query({
  type: 'promotions.list-code-changes.v1',
  service: 'promotions',
  about: 'Who changed a code, when, from what and to what; newest first.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id, ...paging }),
  response: pageOf(promoCodeChange),
});

export const listCodePersons = query({
  type: 'promotions.list-code-persons.v1',
  service: 'promotions',
  about: 'Whom a code with the audience “listed” is for.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id, ...paging }),
  response: pageOf(z.object({ person_id: id })),
});

export const codeOpening = z
  .object({
    day: day.describe('The day that the window opens on, in the code’s zone.'),
    mark: z
      .enum(['regular', 'missing', 'shorter', 'doubled'])
      .describe('What a change of the clocks does to the window.'),
    seconds: z.int().min(0),
    intervals: z.array(z.object({ opens_at: instant, closes_at: instant.describe('The first instant outside.') })),
  })
  .meta({ id: 'CodeOpening' });

/** Days, and the instants of their windows in whatever zone, that all can read. */
export const openingsFrom = day
  .refine((text) => text >= '1970' && text < '9998', 'Of the years 1970 to 9997.')
  .describe('Today in the code’s zone when left out.');

export const previewOpenings = query({
  type: 'promotions.preview-openings.v1',
  service: 'promotions',
  about: 'When a code’s hours open in the days to come, with the days on which the clocks change them.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({
    code_id: id,
    owned_by: ownedBy,
    from: openingsFrom.optional(),
    days: z.int().min(1).max(400).default(400),
  }),
  response: z
    .object({ code_id: id, timezone: z.string(), openings: z.array(codeOpening) })
    .meta({ id: 'CodeOpenings' }),
});

/** A pattern: `#` stands for a digit, `?` for a letter, everything else for itself. */
export const codePattern = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\s\p{C}]+$/u, 'No spaces and no invisible characters.')
  .refine(isStorable, 'Contains characters that cannot be stored.')
  .describe('# stands for a digit, ? for a letter (none that look alike), everything else for itself.');

export const generateCodesBody = z
  .strictObject({
    pattern: codePattern,
    count: z.int().min(1).max(1_000_000),
    terms: promoCodeTerms,
  })
  .meta({ id: 'GenerateCodes' });

export const codeBatch = z
  .object({
    batch_id: id,
    kind: z.enum(['generate', 'import']),
    state: z.enum(['receiving', 'waiting', 'running', 'done', 'exhausted', 'abandoned']),
    pattern: z.string().nullable(),
    wanted: z.int().min(0).describe('Codes asked for, or rows received.'),
    done: z.int().min(0).describe('Codes made so far.'),
    failed: z.int().min(0).describe('Rows that made no code.'),
    explanation: z.string(),
    report: z
      .array(z.object({ row: z.int().min(1), code: z.string(), field: z.string().nullable(), says: z.string() }))
      .describe('The first rows that made no code, and why.'),
    created_by: z.string(),
    created_at: instant,
    finished_at: instant.nullable(),
  })
  .meta({ id: 'CodeBatch' });

export const generateCodes = command({
  type: 'promotions.generate-codes.v1',
  service: 'promotions',
  about: 'Makes many codes by a pattern, in the background; the batch tells how far it is.',
  refusals: [...termsRefusals, 'PATTERN_INVALID', 'PATTERN_TOO_SMALL'],
  request: generateCodesBody.extend({ created_by: subject }),
  response: codeBatch,
});

export const getCodeBatch = query({
  type: 'promotions.get-code-batch.v1',
  service: 'promotions',
  about: 'How far a generation or an import is.',
  refusals: ['CODE_BATCH_NOT_FOUND'],
  request: z.object({ batch_id: id }),
  response: codeBatch,
});

/** Characters in one cell of a CSV file. */
export const cellCharactersMax = 50_000;

/** The cells of one row of a CSV file, by the names of their columns. */
const importCells = z.record(z.string().max(64), freeText(cellCharactersMax));

export const beginCodeImport = command({
  type: 'promotions.begin-code-import.v1',
  service: 'promotions',
  about: 'Opens an import, to which rows are then added.',
  request: z.object({ created_by: subject }),
  response: codeBatch,
});

export const addImportRows = command({
  type: 'promotions.add-import-rows.v1',
  service: 'promotions',
  about: 'Takes rows of an import in. The same row again changes nothing.',
  refusals: ['CODE_BATCH_NOT_FOUND', 'CODE_BATCH_CLOSED'],
  request: z.object({
    batch_id: id,
    first_row: z.int().min(1).describe('The number of the first of these rows in the file, its header not counted.'),
    rows: z.array(importCells).min(1).max(1_000),
  }),
  response: z.object({ batch_id: id, wanted: z.int() }),
});

export const runCodeImport = command({
  type: 'promotions.run-code-import.v1',
  service: 'promotions',
  about: 'All rows are in: makes codes of them in the background.',
  refusals: ['CODE_BATCH_NOT_FOUND'],
  request: z.object({ batch_id: id }),
  response: codeBatch,
});

/** A code as its publisher sees it: what it does at this moment, and what is left of it. */
export const publisherCode = z
  .object({
    code_id: id,
    code: z.string(),
    title: z.string(),
    kind: codeKind,
    status: codeStatus,
    benefit: z.string().describe('In words.'),
    currency: currency.nullable(),
    valid_from: instant.nullable(),
    valid_until: instant.nullable(),
    hours: z.object({
      active_hours: activeHours,
      days: z.array(weekday).nullable(),
      as_of: instant.describe('The instant that all of this is told for.'),
      open: z.boolean().describe('Whether hours and validity let it work at this moment.'),
      local_time: z.string(),
      next_opens_at: instant.nullable(),
      closes_at: instant.nullable(),
      seconds_to_opening: z.int().min(0).nullable(),
      seconds_to_closing: z.int().min(0).nullable(),
    }),
    uses: z.object({
      used: z.int(),
      held: z.int(),
      max_uses: z.int().nullable(),
      remaining: z.int().min(0).nullable().describe('Exact; null is unlimited.'),
      max_uses_per_person: z.int().nullable(),
      max_uses_per_offer: z.int().nullable(),
    }),
    money: z.object({
      given_minor: z.int(),
      held_minor: z.int(),
      budget_minor: z.int().nullable(),
      remaining_minor: z.int().min(0).nullable(),
    }),
    offers: z.object({
      rule: offersRule,
      offers: z.array(z.object({ offer_id: z.string(), name: z.string().nullable() })),
    }),
    first_used_at: instant.nullable(),
    auto_deactivated_at: instant.nullable(),
  })
  .meta({ id: 'PublisherCode' });

export const listPublisherCodes = query({
  type: 'promotions.list-publisher-codes.v1',
  service: 'promotions',
  about: 'A publisher’s own codes, newest first, as they stand at this moment.',
  request: z.object({ owned_by: subject, status: codeStatus.optional(), search: codeFilter.search, ...paging }),
  response: pageOf(publisherCode),
});

export const getPublisherCode = query({
  type: 'promotions.get-publisher-code.v1',
  service: 'promotions',
  about: 'One of a publisher’s own codes. Somebody else’s is not found.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id, owned_by: subject }),
  response: publisherCode,
});
