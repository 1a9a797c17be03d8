import { z } from 'zod';
import { amountMinor, currency, id, instant, optionalText, positiveAmountMinor, storableText } from '../wire.js';
import { codeCharacters } from './fold-code.js';
import { offerId } from './promo-redemptions.js';

/**
 * Instants of codes are returned as they were sent: in microseconds, as the database stores them, within common years.
 */
export const commonInstant = instant.refine((text) => {
  // A text that is no instant at all was refused before.
  const [, year, fraction = ''] = /^(\d{4})-[^.]*(?:\.(\d+))?/.exec(text) ?? [text, '1970'];
  return Number(year) >= 1970 && Number(year) < 9999 && fraction.replace(/0+$/, '').length <= 6;
}, 'Years 1970 to 9998, at most microseconds.');

export const codeText = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(codeCharacters, 'No spaces and no invisible characters.')
  .describe(
    'The text that people type. It is stored as written; case and width, the kind of dashes and quotes, İ i I ı, and ẞ ß ss make no difference.',
  );

export const codeKind = z
  .enum(['discount', 'bonus'])
  .describe('A discount lowers the price of an order; a bonus is earned by an order.');
export const codeStatus = z.enum(['draft', 'active', 'paused', 'expired', 'archived']);
export const offersRule = z.enum(['all', 'some', 'all_but']);
export const audience = z.enum(['everyone', 'listed', 'new_persons']);
export const stacking = z.enum(['exclusive', 'combinable']);
export const countsOn = z.enum(['apply', 'conversion']).describe('When the use of a bonus code is counted.');

const time = z.string().max(16).describe('A time of the day, HH:MM.');
const zone = z.string().max(64).describe('An IANA time zone name, such as Asia/Kolkata.');
/** ISO: 1 is Monday. */
export const weekday = z.int().min(1).max(7);
/** An admin or publisher: the subject of the token. */
export const subject = storableText(255).min(1);
const limit = z.int().min(1).max(1_000_000_000_000);

/**
 * Wall-clock hours, the end minute included. A start after the end is a window over midnight: it belongs to its opening
 * day.
 */
export const activeHours = z
  .object({ enabled: z.boolean(), start_time: z.string(), end_time: z.string(), timezone: z.string() })
  .meta({ id: 'ActiveHours' });

/** Whether a use that is reversed for this reason is given back to the limits of the code. */
export const giveBack = z
  .object({ cancel: z.boolean(), refund: z.boolean(), fraud: z.boolean(), chargeback: z.boolean() })
  .meta({ id: 'GiveBack' });

const hours = { enabled: z.boolean(), start_time: time, end_time: time, timezone: zone };
const reasons = { cancel: z.boolean(), refund: z.boolean(), fraud: z.boolean(), chargeback: z.boolean() };

/** The terms of a code; null removes a limit. */
const terms = {
  title: optionalText(200),
  owner_id: subject.nullable().describe('The publisher who owns the code: the subject of the token.'),
  kind: codeKind,
  percent_bp: z.int().min(1).max(10_000).nullable().describe('Hundredths of a percent: 1250 is 12.5%.'),
  amount_minor: positiveAmountMinor
    .nullable()
    .describe('A fixed benefit. Exactly one of amount_minor and percent_bp is set.'),
  cap_minor: positiveAmountMinor.nullable().describe('The highest benefit of a percentage.'),
  minimum_minor: amountMinor.nullable().describe('The lowest amount of an order or payout that the code accepts.'),
  currency: currency.nullable().describe('Null only for a bare percentage: any currency.'),
  valid_from: commonInstant.nullable(),
  valid_until: commonInstant.nullable().describe('The end of the validity, not included.'),
  days: z.array(weekday).min(1).max(7).nullable().describe('ISO weekdays (1 is Monday) on which the hours open.'),
  max_uses: limit.nullable(),
  max_uses_per_person: limit.nullable(),
  max_uses_per_offer: limit.nullable(),
  budget_minor: positiveAmountMinor.nullable().describe('The highest sum of the benefits of all uses.'),
  offers_rule: offersRule,
  offers: z.array(offerId).max(1_000).describe('The offers that offers_rule includes or excludes.'),
  audience,
  persons: z.array(id).max(1_000).describe('The persons who may use a code with the audience “listed”.'),
  stacking,
  precedence: z.int().min(-1_000).max(1_000).describe('Of combinable codes the lowest is applied first.'),
  auto_deactivate_on_max_uses: z.boolean(),
  counts_on: countsOn,
  hold_hours: z
    .int()
    .min(1)
    .max(8_760)
    .nullable()
    .describe('How long an unpaid order holds a discount: the order expires then. Null leaves it to the class.'),
  hold_past_validity: z.boolean().describe('Whether an unpaid order holds a discount beyond valid_until.'),
};

/** Terms of new codes with their defaults. */
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
  hold_hours: terms.hold_hours.default(null),
  hold_past_validity: terms.hold_past_validity.default(false),
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

/** The common terms of generated codes. */
export const promoCodeTerms = z.strictObject(newTerms).meta({ id: 'PromoCodeTerms' });

/** The members that a change may have. Members that are left out stay. */
export const promoCodeChangeBody = z
  .strictObject({
    ...terms,
    active_hours: z.strictObject(hours).partial(),
    give_back: z.strictObject(reasons).partial(),
    version: z.int().min(1).describe('If given, the change is refused when the code was changed since this version.'),
  })
  .partial()
  .meta({ id: 'PromoCodeChange' });

/** The refusals of invalid terms. */
export const termsRefusals = [
  'PROMO_CODE_INVALID',
  'ACTIVE_HOURS_INVALID',
  'TIME_ZONE_UNKNOWN',
  'CURRENCY_UNKNOWN',
  'DATES_REVERSED',
];
