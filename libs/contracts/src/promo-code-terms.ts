import { z } from 'zod';
import { offerId } from './promo-redemptions.js';
import { amountMinor, currency, freeText, id, instant, isStorable, positiveAmountMinor } from './wire.js';

/**
 * Instants of codes come back as they were sent: whole microseconds, as databases keep them, of years that all can
 * read.
 */
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
/** ISO: 1 is Monday. */
export const weekday = z.int().min(1).max(7);
/** Who an admin or publisher is: the subject of their token. */
export const subject = z.string().min(1).max(255).refine(isStorable, 'Contains characters that cannot be stored.');
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

/** What a code's terms may be refused with, whoever gives them. */
export const termsRefusals = [
  'PROMO_CODE_INVALID',
  'ACTIVE_HOURS_INVALID',
  'TIME_ZONE_UNKNOWN',
  'CURRENCY_UNKNOWN',
  'DATES_REVERSED',
];
