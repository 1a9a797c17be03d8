import { z } from 'zod';
import { command, query } from '../contract.js';
import { isCursor } from '../cursors.js';
import { amountMinor, currency, day, id, idKey, instant, pageOf, paging, text, versionMax } from '../wire.js';
import {
  activeHours,
  audience,
  codeKind,
  codeStatus,
  countsOn,
  giveBack,
  offersRule,
  promoCodeBody,
  promoCodeChangeBody,
  promoCodeTerms,
  stacking,
  subject,
  termsRefusals,
  weekday,
} from './promo-code-terms.js';

/** The terms and counters of a code. */
const code = {
  code_id: id,
  code: z.string(),
  title: z.string(),
  owner_id: z.string().nullable(),
  batch_id: id.nullable().describe('The generation or import that created the code.'),
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
  hold_hours: z.int().nullable(),
  hold_past_validity: z.boolean(),
  give_back: giveBack,
  status: codeStatus,
  auto_deactivated_at: instant.nullable().describe('When the last use deactivated the code.'),
  usage_count: z.int().describe('Redemptions that keep their slot.'),
  held_count: z
    .int()
    .describe(
      'Slots that are held and not redeemed yet: by open orders, or by applications of a code that counts on apply.',
    ),
  given_minor: z.int().describe('The benefits of these redemptions.'),
  held_minor: z.int().describe('The benefits of the holds.'),
  version: z.int().min(1).describe('The version of the terms: rises with each change.'),
  first_used_at: instant.nullable(),
  created_at: instant,
  created_by: z.string(),
  updated_at: instant,
};

/** A code as an export has it. */
export const exportedCode = z.object(code);

/** Whether a code can be used, and what remains of its limits. */
const availability = {
  remaining: z.int().min(0).nullable().describe('Uses that are neither used nor held: exact; null is unlimited.'),
  remaining_minor: z.int().min(0).nullable().describe('The budget that is neither given nor held; null is unlimited.'),
  as_of: instant.describe('The instant of `open`, `next_opens_at` and `closes_at`.'),
  open: z.boolean().describe('Whether hours and validity allow a use.'),
  next_opens_at: instant.nullable().describe('The next opening; null while open, and if there is none.'),
  closes_at: instant.nullable().describe('The first instant at which it is closed again; null while closed.'),
};

/** A code as admins see it: terms, counters and availability. */
export const promoCodeView = z.object({ ...code, ...availability }).meta({ id: 'PromoCode' });

/** The publisher whose codes are visible; null where all are. */
const ownedBy = subject.nullable();

export const createPromoCode = command({
  type: 'promotions.create-code.v1',
  service: 'promotions',
  subject: 'code_id',
  about: 'Creates a code.',
  refusals: [...termsRefusals, 'PROMO_CODE_TAKEN'],
  request: promoCodeBody.extend({ created_by: subject }),
  response: promoCodeView,
});

export const changePromoCode = command({
  type: 'promotions.change-code.v1',
  service: 'promotions',
  subject: 'code_id',
  about:
    'Changes a code for future uses. Kind and currency cannot change once the code was used. A code that its limit or its ' +
    'validity ended becomes active again when that is raised.',
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

export const changeCodeStatus = command({
  type: 'promotions.change-code-status.v1',
  service: 'promotions',
  subject: 'code_id',
  about: 'Activates, pauses or archives a code. A code that has that status already stays as it is.',
  refusals: ['PROMO_CODE_NOT_FOUND', 'PROMO_CODE_STATUS_CONFLICT'],
  request: z.object({ code_id: id, action: z.enum(['activate', 'pause', 'archive']), changed_by: subject }),
  response: promoCodeView,
});

export const getPromoCode = query({
  type: 'promotions.get-code.v1',
  service: 'promotions',
  about: 'Returns a code with its terms and counters.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id }),
  response: promoCodeView,
});

/** The filters of a list of codes. */
export const codeFilter = {
  owner_id: subject.optional(),
  batch_id: id.optional(),
  kind: codeKind.optional(),
  status: codeStatus.optional().describe('All but archived codes by default.'),
  search: text(200).optional().describe('The beginning of the code, or a part of its title.'),
};

/** The filters as a query string has them. */
export const promoCodeFilter = z.strictObject(codeFilter);

export const codesSort = z
  .enum(['newest', 'oldest', 'code'])
  .describe('The order of the list: by creation, newest first by default, or by the text of the code.');

/** Archived codes may have the same text, so that their order needs the id. */
const codeKeys = {
  byCreation: idKey,
  byText: z.tuple([z.string()]),
  byTextAndId: z.tuple([z.string(), id]),
};

/** A cursor continues a list in the same order only. */
export const cursorOfSort: [
  (query: { after?: string; sort?: string; status?: string }) => boolean,
  { path: string[]; error: string },
] = [
  ({ after, sort, status }) => {
    if (after === undefined) return true;
    const byText = status === 'archived' ? codeKeys.byTextAndId : codeKeys.byText;
    return isCursor(after, sort === 'code' ? byText : codeKeys.byCreation);
  },
  { path: ['after'], error: 'Is not a next_cursor of this list in this order.' },
];

/** The filters and orders of a list of codes over HTTP. */
export const promoCodesListed = z.strictObject({ ...codeFilter, sort: codesSort.optional() });

export const listPromoCodes = query({
  type: 'promotions.list-codes.v1',
  service: 'promotions',
  about: 'Lists codes with their availability, newest first by default.',
  request: z
    .object({
      ...codeFilter,
      sort: codesSort.optional(),
      ...paging(z.union([codeKeys.byCreation, codeKeys.byText, codeKeys.byTextAndId])),
    })
    .refine(...cursorOfSort),
  response: pageOf(promoCodeView),
});

/** Characters in one cell of a CSV file, written or read. */
export const cellCharactersMax = 50_000;

export const exportPromoCodes = query({
  type: 'promotions.export-codes.v1',
  service: 'promotions',
  about: 'Returns codes in the order of their creation, beginning after `after`.',
  request: z.object({ ...codeFilter, after: id.nullable(), limit: z.int().min(1).max(2_000) }),
  response: z.object({ items: z.array(exportedCode), next: id.nullable() }),
});

export const promoCodeChange = z
  .object({
    version: z.int().min(2).describe('The version after the change.'),
    changed_by: z.string(),
    at: instant,
    before: z.record(z.string(), z.unknown()).describe('The changed members before the change.'),
    after: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'PromoCodeAudit' });

export const listCodeChanges = query({
  type: 'promotions.list-code-changes.v1',
  service: 'promotions',
  about: 'Lists the changes of a code, newest first: who, when, before and after.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id, ...paging(z.tuple([z.int().min(1).max(versionMax)])) }),
  response: pageOf(promoCodeChange),
});

export const listCodePersons = query({
  type: 'promotions.list-code-persons.v1',
  service: 'promotions',
  about: 'Lists the persons who may use a code with the audience “listed”.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id, ...paging(idKey) }),
  response: pageOf(z.object({ person_id: id })),
});

export const codeOpening = z
  .object({
    day: day.describe('The day on which the window opens, in the zone of the code.'),
    clock_change: z
      .enum(['none', 'skipped', 'shortened', 'repeated'])
      .describe('The effect of a change of the clocks on the window.'),
    seconds: z.int().min(0),
    intervals: z.array(z.object({ opens_at: instant, closes_at: instant.describe('The first instant outside.') })),
  })
  .meta({ id: 'CodeOpening' });

/** Days whose windows are common instants in any zone. */
export const openingsFrom = day
  .refine((text) => text >= '1970' && text < '9998', 'Years 1970 to 9997.')
  .describe('Today in the zone of the code by default.');

export const previewOpenings = query({
  type: 'promotions.preview-openings.v1',
  service: 'promotions',
  about: 'Lists the coming opening hours of a code, with the days on which a change of the clocks affects them.',
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

export const previewHoursBody = z
  .strictObject({
    active_hours: promoCodeTerms.shape.active_hours,
    days: promoCodeTerms.shape.days,
    valid_from: promoCodeTerms.shape.valid_from,
    valid_until: promoCodeTerms.shape.valid_until,
    from: openingsFrom.optional(),
    count: z.int().min(1).max(400).default(14).describe('How many days are listed.'),
  })
  .meta({ id: 'PreviewHours' });

export const previewHours = query({
  type: 'promotions.preview-hours.v1',
  service: 'promotions',
  about:
    'Lists the coming opening hours of hours and days that are not saved, with the days on which a change of the clocks ' +
    'affects them, and says whether they are open now.',
  refusals: ['PROMO_CODE_INVALID', 'ACTIVE_HOURS_INVALID', 'TIME_ZONE_UNKNOWN', 'DATES_REVERSED'],
  request: previewHoursBody,
  response: z
    .object({
      timezone: z.string(),
      as_of: instant,
      local_time: z.string().describe('The wall-clock time in the zone of the hours.'),
      open: z.boolean().describe('Whether hours and validity allow a use now.'),
      next_opens_at: instant.nullable(),
      closes_at: instant.nullable(),
      openings: z.array(codeOpening),
    })
    .meta({ id: 'PreviewedHours' }),
});
