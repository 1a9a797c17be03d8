import { assert } from '#kernel/assert.js';
import { isTimeZone } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';

/**
 * The hours of the day in which a code can be used, as they are stored and sent. Wall-clock minutes of an IANA zone;
 * the end minute is included. A start after the end is a window over midnight, which belongs to the day on which it
 * opens.
 */
export interface ActiveHours {
  readonly enabled: boolean;
  readonly start_time: string;
  readonly end_time: string;
  readonly timezone: string;
}

/** The hours of a code that states none: always open. */
export const activeHoursDefault: ActiveHours = {
  enabled: false,
  start_time: '00:00',
  end_time: '23:59',
  timezone: 'UTC',
};

const minutesPerDay = 1_440;

/** Active hours and days, parsed. */
export interface Hours {
  /** Minutes of the day, both included. A window over midnight has its start after its end. */
  readonly startMinute: number;
  readonly endMinute: number;
  readonly timezone: string;
  /** ISO weekdays (1 is Monday) on which a window opens; null is every day. */
  readonly days: ReadonlySet<number> | null;
}

/** The decision of the hours about one instant. */
export interface HoursDecision {
  readonly open: boolean;
  /** The wall-clock time in the zone, to the second: `2025-01-11 00:30:00`. */
  readonly localTime: string;
  readonly timezone: string;
  /** The day of the window that contains the instant, also if it is not one of `days`; null outside of windows. */
  readonly openingDay: Temporal.PlainDate | null;
}

/**
 * Parses hours as they are stored. Disabled hours are the whole day, so that only the days count. A start that equals
 * its end, as imported codes may have, is that one minute.
 */
export function hoursOf(
  { enabled, start_time, end_time, timezone }: ActiveHours,
  days: readonly number[] | null,
): Hours {
  const [start, end] = enabled ? [start_time, end_time] : [activeHoursDefault.start_time, activeHoursDefault.end_time];
  const startMinute = minuteOf(start);
  const endMinute = minuteOf(end);
  assert(startMinute !== null && endMinute !== null, `${start}–${end} are times of the day`);
  return { startMinute, endMinute, timezone, days: days === null || days.length === 7 ? null : new Set(days) };
}

/**
 * Whether the hours are open at `now`. The instant is converted to wall-clock time, never the reverse. So minutes that
 * a change of the clocks skips never occur, and minutes that it repeats count both times.
 */
export function decideHours(hours: Hours, now: Temporal.Instant): HoursDecision {
  const local = now.toZonedDateTimeISO(hours.timezone);
  const openingDay = openingDayOf(hours, local);
  const open = openingDay !== null && opensOn(hours, openingDay);
  const localTime = local
    .toPlainDateTime()
    .toString({ smallestUnit: 'second', roundingMode: 'floor' })
    .replace('T', ' ');
  return { open, localTime, timezone: hours.timezone, openingDay };
}

/** Whether every minute of every day is open. */
export function isAlwaysOpen({ startMinute, endMinute, days }: Hours): boolean {
  return days === null && windowMinutes({ startMinute, endMinute }) === minutesPerDay;
}

/** Whether a window opens on this day. */
export function opensOn({ days }: Pick<Hours, 'days'>, day: Temporal.PlainDate): boolean {
  return days === null || days.has(day.dayOfWeek);
}

/** The length of a window on a day without a change of the clocks. */
export function windowMinutes({ startMinute, endMinute }: Pick<Hours, 'startMinute' | 'endMinute'>): number {
  const minutes = endMinute - startMinute + 1;
  return minutes > 0 ? minutes : minutes + minutesPerDay;
}

/**
 * Checks hours of a request.
 * @throws Refusal ACTIVE_HOURS_INVALID or TIME_ZONE_UNKNOWN, naming the member
 */
export function checkHours({ start_time, end_time, timezone }: ActiveHours): void {
  for (const [name, time] of Object.entries({ start_time, end_time })) {
    if (minuteOf(time) === null) throw invalid(name, `“${time}” is not a time of day from 00:00 to 23:59.`);
  }
  // It is unclear whether one minute, a whole day or nothing is meant.
  if (start_time === end_time) throw invalid('end_time', 'The hours must not end in the minute in which they start.');
  if (!isTimeZone(timezone)) {
    throw new Refusal('TIME_ZONE_UNKNOWN', `“${timezone}” is not an IANA time zone such as Asia/Kolkata.`, {
      field: 'active_hours.timezone',
    });
  }
}

const timeOfDay = /^([01]\d|2[0-3]):([0-5]\d)$/;

function minuteOf(time: string): number | null {
  const [, hour, minute] = timeOfDay.exec(time) ?? [];
  return hour === undefined ? null : Number(hour) * 60 + Number(minute);
}

function openingDayOf({ startMinute, endMinute }: Hours, local: Temporal.ZonedDateTime): Temporal.PlainDate | null {
  const minute = local.hour * 60 + local.minute;
  const today = local.toPlainDate();
  if (startMinute <= endMinute) return startMinute <= minute && minute <= endMinute ? today : null;
  if (minute >= startMinute) return today;
  return minute <= endMinute ? today.subtract({ days: 1 }) : null;
}

function invalid(member: string, says: string): Refusal {
  return new Refusal('ACTIVE_HOURS_INVALID', says, { field: `active_hours.${member}` });
}
