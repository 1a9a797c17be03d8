import { foldCode, isTypeableCode } from '#contracts/promotions/fold-code.js';
import { toOneLine } from '#contracts/texts.js';
import { isTimeZone } from '#kernel/clock.js';
import { idFrom } from '#kernel/ids.js';
import { isCurrency } from '#kernel/money.js';
import { type ActiveHours, activeHoursDefault } from '../../codes/domain/active-hours.js';
import { type CodeStatus, type CodeTerms, type PromoCode } from '../../codes/domain/code.js';
import { offerIdOf } from '../../offers/domain/offer.js';
import { basisPoints, minorUnits } from '../reading/decimal.js';
import type { PlainObject } from '../reading/extended-json.js';
import { Fields } from '../reading/fields.js';

type Terms = Omit<
  CodeTerms,
  | 'audience'
  | 'stacking'
  | 'precedence'
  | 'autoDeactivateOnMaxUses'
  | 'countsOn'
  | 'holdHours'
  | 'holdPastValidity'
  | 'giveBack'
>;
type Identity = Pick<PromoCode, 'id' | 'code' | 'status' | 'autoDeactivatedAt'>;

/** A promo code of the legacy system. Its id is derived from the id of the record, so that a second run finds it. */
export interface LegacyCode extends Terms, Identity {
  readonly folded: string;
  readonly autoDeactivateOnMaxUses: boolean;
  /** The usage count that the record states. Only its redemptions count. */
  readonly usageCount: number | null;
  readonly createdAt: Temporal.Instant | null;
  readonly updatedAt: Temporal.Instant | null;
}

/** The result of reading one document: a record, or its faults. Notes name what was normalised or assumed. */
export type Reading<Legacy> =
  | { readonly record: Legacy; readonly notes: readonly string[] }
  | { readonly faults: readonly string[] };

/** The id in this system of a record of the legacy system. */
export function idOfLegacyCode(legacyId: string): string {
  return idFrom('legacy-system', 'promo-code', legacyId);
}

/**
 * Reads one document of the export of codes.
 * @param currencyByDefault of records with an amount and no currency
 * @param now decides whether the validity has ended
 */
export function readLegacyCode(
  document: PlainObject,
  currencyByDefault: string,
  now: Temporal.Instant,
): Reading<LegacyCode> {
  const fields = new Fields(document);
  const notes: string[] = [];

  const code = fields.text('code', 'promo_code', 'coupon_code') ?? fields.fault('code', 'is missing');
  if (code !== null && (code.length > 64 || !isTypeableCode(code))) {
    fields.fault('code', 'has spaces or invisible characters, or more than 64 of them');
  }
  const benefit = benefitOf(fields, notes, currencyByDefault);
  const validFrom = fields.instant('valid_from', 'start_date', 'starts_at');
  const validUntil = fields.instant('valid_until', 'valid_to', 'end_date', 'expires_at', 'expiry_date');
  if (validFrom && validUntil && Temporal.Instant.compare(validFrom, validUntil) >= 0) {
    fields.fault('valid_until', 'does not lie after the beginning');
  }
  const excluded = offersOf(fields, 'excluded_offers');
  const applicable = offersOf(fields, 'applicable_offers', 'offers', 'offer_ids');
  const autoDeactivatedAt = fields.instant('auto_deactivated_at');
  const isOver = validUntil !== null && Temporal.Instant.compare(validUntil, now) <= 0;
  const record = {
    title: toOneLine(fields.text('title', 'name', 'description') ?? '', 200),
    ownerId: fields.text('owner_id', 'publisher_id'),
    ...benefit,
    validFrom,
    validUntil,
    activeHours: hoursOf(fields, notes),
    days: daysOf(fields),
    maxUses: limitOf(fields, notes, 'max_uses', 'usage_limit', 'max_usage'),
    maxUsesPerPerson: limitOf(fields, notes, 'max_uses_per_person', 'max_uses_per_user', 'usage_limit_per_user'),
    maxUsesPerOffer: limitOf(fields, notes, 'max_uses_per_offer'),
    offersRule:
      applicable.length > 0 ? ('some' as const) : excluded.length > 0 ? ('all_but' as const) : ('all' as const),
    offers: applicable.length > 0 ? applicable : excluded,
    autoDeactivateOnMaxUses: fields.flag('auto_deactivate_on_max_uses') ?? true,
    autoDeactivatedAt,
    status: statusOf(fields, notes, { isOver, isUsedUp: autoDeactivatedAt !== null }),
    usageCount: fields.whole('usage_count', 'used_count', 'times_used', 'current_uses'),
    createdAt: fields.instant('created_at'),
    updatedAt: fields.instant('updated_at'),
  };
  if (fields.faults.length > 0 || code === null) return { faults: fields.faults };
  const legacyId = fields.text('id');
  const folded = foldCode(code);
  return { record: { id: idOfLegacyCode(legacyId ?? folded), code, folded, ...record }, notes };
}

const percentNames = [
  'percent',
  'percentage',
  'bonus_percent',
  'bonus_percentage',
  'discount_percent',
  'discount_percentage',
];
const amountNames = ['amount', 'bonus_amount', 'discount_amount', 'fixed_amount', 'reward_amount', 'bonus', 'discount'];
const valueNames = ['value', 'benefit_value', 'bonus_value', 'discount_value', 'reward_value'];
const typeNames = ['benefit_type', 'bonus_type', 'discount_type', 'reward_type', 'value_type'];

/** Records state the benefit in several ways: `percentage: 10`, or `discount_type` and `discount_value`. */
function benefitOf(fields: Fields, notes: string[], currencyByDefault: string) {
  const kindText = fields.text('kind', 'type', 'code_type', 'promo_type')?.toLowerCase() ?? '';
  const typeText = `${fields.text(...typeNames) ?? ''} ${kindText}`.toLowerCase();
  const named = [...typeNames, ...valueNames, ...percentNames, ...amountNames].map((name) => fields.find(name)?.name);
  const isDiscount =
    /discount|coupon/.test(kindText) ||
    (!/bonus|reward|cashback|referral/.test(kindText) && named.some((name) => name?.startsWith('discount')));

  const currencyText = fields.text('currency', 'currency_code')?.toUpperCase() ?? null;
  if (currencyText !== null && !isCurrency(currencyText)) fields.fault('currency', `${currencyText} is not a currency`);
  const currency = currencyText !== null && isCurrency(currencyText) ? currencyText : null;

  const inPercent = /percent|%/.test(typeText);
  const percent = fields.decimal(...percentNames) ?? (inPercent ? fields.decimal(...valueNames, ...amountNames) : null);
  const amount = percent === null ? fields.decimal(...amountNames, ...valueNames) : null;
  const money = (...names: string[]) => moneyOf(fields, currency ?? currencyByDefault, ...names);
  const percentBp = percent === null ? null : basisPoints(percent);
  const amountMinor = amount === null ? null : minorUnits(amount, currency ?? currencyByDefault);
  const bounds = {
    capMinor: money('cap', 'max_discount', 'max_discount_amount', 'max_bonus', 'max_bonus_amount') || null,
    minimumMinor: money('minimum', 'minimum_amount', 'min_amount', 'min_order_amount', 'min_purchase') || null,
    budgetMinor: money('budget', 'total_budget') || null,
  };
  if (percent !== null && (percentBp === null || percentBp < 1 || percentBp > 10_000)) {
    fields.fault(named.find(Boolean) ?? 'percent', `${percent} is not a percentage from 0.01 to 100`);
  }
  if (amount !== null && (amountMinor === null || amountMinor < 0)) {
    fields.fault(named.find(Boolean) ?? 'amount', `${amount} is not an amount`);
  }
  if (percent === null && amount === null) notes.push('states no benefit: the code gives nothing');
  const needsCurrency = percent === null || Object.values(bounds).some((bound) => bound !== null);
  if (needsCurrency && !currency && (amount !== null || percent !== null)) {
    notes.push(`states no currency: ${currencyByDefault} is assumed`);
  }
  return {
    kind: isDiscount ? ('discount' as const) : ('bonus' as const),
    percentBp,
    amountMinor: percent === null ? (amountMinor ?? 0) : null,
    currency: currency ?? (needsCurrency ? currencyByDefault : null),
    ...bounds,
  };
}

function moneyOf(fields: Fields, currency: string, ...names: string[]): number | null {
  const value = fields.decimal(...names);
  if (value === null) return null;
  const minor = minorUnits(value, currency);
  if (minor !== null && minor >= 0) return minor;
  return fields.fault(names.find((name) => fields.find(name)) ?? '', `${value} is not an amount`);
}

const timeOfDay = /^(\d{1,2}):(\d{2})(?::\d{2})?$/;

/** `6:00` is 06:00. Doubtful hours are a fault: they would open a code at times when it was closed. */
function hoursOf(fields: Fields, notes: string[]): ActiveHours {
  const hours = fields.object('active_hours');
  if (!hours) return activeHoursDefault;
  const enabled = hours.flag('enabled') ?? activeHoursDefault.enabled;
  const time = (name: 'start_time' | 'end_time') => {
    const text = hours.text(name);
    if (text === null) return activeHoursDefault[name];
    const [, hour = '', minute = ''] = timeOfDay.exec(text) ?? [];
    if (hour === '' || Number(hour) > 23 || Number(minute) > 59) {
      hours.fault(name, `${text} is not a time of day`);
      return activeHoursDefault[name];
    }
    const normal = `${hour.padStart(2, '0')}:${minute}`;
    if (normal !== text) notes.push(`active_hours.${name}: ${text} is ${normal}`);
    return normal;
  };
  const [start_time, end_time] = [time('start_time'), time('end_time')];
  let timezone = hours.text('timezone', 'time_zone', 'tz') ?? activeHoursDefault.timezone;
  if (!isTimeZone(timezone)) {
    if (enabled) hours.fault('timezone', `${timezone} is not an IANA time zone`);
    else
      notes.push(`active_hours.timezone: ${timezone} is not an IANA time zone; the hours are disabled, UTC is assumed`);
    timezone = activeHoursDefault.timezone;
  }
  return { enabled, start_time, end_time, timezone };
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function daysOf(fields: Fields): number[] | null {
  const days = fields.list('days', 'active_days').map((day) => {
    const number = typeof day === 'string' ? dayNames.indexOf(day.slice(0, 3).toLowerCase()) + 1 : day;
    if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 7) return number;
    return fields.fault('days', `${String(day)} is not a day of the week`);
  });
  const known = [...new Set(days.filter((day) => day !== null))].sort();
  return known.length > 0 ? known : null;
}

function limitOf(fields: Fields, notes: string[], ...names: string[]): number | null {
  const member = fields.find(...names);
  if (member?.value === Number.POSITIVE_INFINITY) return null;
  const limit = fields.whole(...names);
  if (limit === null || limit >= 0) return limit;
  notes.push(`${member?.name}: ${limit} is not a limit`);
  return null;
}

const statuses: Readonly<Record<string, CodeStatus | 'used up'>> = {
  draft: 'draft',
  scheduled: 'active',
  active: 'active',
  enabled: 'active',
  inactive: 'paused',
  disabled: 'paused',
  paused: 'paused',
  expired: 'expired',
  exhausted: 'used up',
  used_up: 'used up',
  archived: 'archived',
  deleted: 'archived',
};

/**
 * A code may end here only by its validity or by its last use. An expired code with neither would still earn for
 * conversions before its end, and any change would re-activate it: it is paused instead.
 */
function statusOf(
  fields: Fields,
  notes: string[],
  { isOver, isUsedUp }: { readonly isOver: boolean; readonly isUsedUp: boolean },
): CodeStatus {
  const text = fields.text('status', 'state');
  if (text !== null) {
    const written = statuses[text.toLowerCase().replaceAll(' ', '_')];
    const status = written === 'used up' ? 'expired' : written;
    const isBorneOut = isUsedUp || (written === 'expired' && isOver);
    if (status && (status !== 'expired' || isBorneOut)) return status;
    // A doubtful code must not be usable; an admin can activate it.
    notes.push(`status: “${text}” ${status ? 'is not confirmed by another field' : 'is unknown'}; the code is paused`);
    return 'paused';
  }
  if (isUsedUp) return 'expired';
  return (fields.flag('is_active', 'active', 'enabled') ?? true) ? 'active' : 'paused';
}

function offersOf(fields: Fields, ...names: string[]): string[] {
  return fields
    .list(...names)
    .flatMap((item) => (typeof item === 'string' || typeof item === 'number' ? [offerIdOf(String(item).trim())] : []));
}
