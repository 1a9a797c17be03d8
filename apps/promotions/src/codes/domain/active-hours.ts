import { assert } from '#kernel/assert.js';
import { isTimeZone } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';

/**
 * The hours of the day in which a code works, as they are written, kept and sent. Wall-clock minutes of an IANA zone;
 * the end minute is inside. A start after the end is a night, which belongs to the day that it opens on.
 */
export interface ActiveHours {
  readonly enabled: boolean;
  readonly start_time: string;
  readonly end_time: string;
  readonly timezone: string;
}

/** What a code has that says nothing about hours, and what a record from before there were hours stands for. */
export const activeHoursDefault: ActiveHours = {
  enabled: false,
  start_time: '00:00',
  end_time: '23:59',
  timezone: 'UTC',
};

const minutesPerDay = 1_440;

/** Active hours and days, read once, ready to be asked. */
export interface Hours {
  /** Minutes of the day, both inside. Overnight when the start lies behind the end. */
  readonly startMinute: number;
  readonly endMinute: number;
  readonly timezone: string;
  /** ISO weekdays (1 is Monday) of the day that a window opens on; null is every day. */
  readonly days: ReadonlySet<number> | null;
}

/** How the hours decide about one instant. */
export interface HoursDecision {
  readonly open: boolean;
  /** What a clock on the wall shows there, to the second: `2025-01-11 00:30:00`. */
  readonly localTime: string;
  readonly timezone: string;
  /** The day that the window belongs to which the instant falls into, whether or not it is one of `days`. */
  readonly openingDay: Temporal.PlainDate | null;
}

/**
 * Reads hours as they are stored. Disabled hours are the whole day, so that days alone count. A start that equals its
 * end, which old records may have, is that one minute.
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
 * Whether a code works at `now`. It is decided from the instant: turned into wall-clock time there, never the other way
 * round. So minutes that a change of the clocks leaves out never come, and those that it repeats count both times.
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

/** Whether the hours never end and never begin: every minute of every day. */
export function isAlwaysOpen({ startMinute, endMinute, days }: Hours): boolean {
  return days === null && windowMinutes({ startMinute, endMinute }) === minutesPerDay;
}

/** Whether a window opens on this day. */
export function opensOn({ days }: Pick<Hours, 'days'>, day: Temporal.PlainDate): boolean {
  return days === null || days.has(day.dayOfWeek);
}

/** How long a window is on a day without a change of the clocks. */
export function windowMinutes({ startMinute, endMinute }: Pick<Hours, 'startMinute' | 'endMinute'>): number {
  const minutes = endMinute - startMinute + 1;
  return minutes > 0 ? minutes : minutes + minutesPerDay;
}

/**
 * Whether hours may be written like this.
 * @throws Refusal ACTIVE_HOURS_INVALID or TIME_ZONE_UNKNOWN, naming the member
 */
export function checkHours({ start_time, end_time, timezone }: ActiveHours): void {
  for (const [name, time] of Object.entries({ start_time, end_time })) {
    if (minuteOf(time) === null) throw invalid(name, `“${time}” is no time of the day from 00:00 to 23:59.`);
  }
  // Nobody can tell whether a minute, a whole day or nothing is meant.
  if (start_time === end_time) throw invalid('end_time', 'The hours end in the minute in which they start.');
  if (!isTimeZone(timezone)) {
    throw new Refusal('TIME_ZONE_UNKNOWN', `“${timezone}” is no IANA time zone, such as Asia/Kolkata.`, {
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
