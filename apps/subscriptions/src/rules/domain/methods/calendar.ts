import { assert } from '#kernel/assert.js';
import { localDay } from '#kernel/clock.js';
import type { Offer, TraceStep } from './method.js';

/** Whether the last day of the class is over in the zone of the class. */
export function hasEnded({ endDate, timeZone }: Pick<Offer, 'endDate' | 'timeZone'>, now: Temporal.Instant): boolean {
  return endDate !== null && Temporal.PlainDate.compare(endDate, localDay(now, timeZone)) < 0;
}

/** The first and last day of an order, and the steps that led to them. */
export interface Span {
  readonly startDate: Temporal.PlainDate;
  readonly endDate: Temporal.PlainDate | null;
  readonly trace: readonly TraceStep[];
}

/**
 * Starts on the day of the order in the zone of the class, or with the class if that is later; ends with the class.
 */
export function wholeClass(offer: Offer, now: Temporal.Instant): Span {
  return wholeClassFrom(localDay(now, offer.timeZone), offer);
}

/** The same for the day of the order. */
export function wholeClassFrom(today: Temporal.PlainDate, { timeZone, startDate, endDate }: Offer): Span {
  const waits = startDate !== null && Temporal.PlainDate.compare(startDate, today) > 0;
  const start = waits ? startDate : today;
  return {
    startDate: start,
    endDate,
    trace: [
      {
        step: 'start',
        explanation: waits
          ? `It starts when the class starts, on ${start}.`
          : `It starts on the day of the order in ${timeZone}, ${start}.`,
      },
      {
        step: 'end',
        explanation: endDate ? `It ends with the class, on ${endDate}, that day included.` : 'It has no end.',
      },
    ],
  };
}

/** The later of two days. */
export function laterOf(left: Temporal.PlainDate, right: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(left, right) < 0 ? right : left;
}

/** The number of days from the first day to the last one, both included. */
export function daysIn(first: Temporal.PlainDate, last: Temporal.PlainDate): number {
  return first.until(last).days + 1;
}

/** The start of a calendar day in a zone: later than midnight where the clocks change at midnight. */
export function startOf(day: Temporal.PlainDate, timeZone: string): Temporal.Instant {
  return day.toZonedDateTime(timeZone).toInstant();
}

/** How long a period is: every so many weeks, months or years. */
export interface Cadence {
  readonly unit: 'week' | 'month' | 'year';
  readonly every: number;
}

/** The last of all days, beyond which no period is computed. */
const lastDay = Temporal.PlainDate.from('9999-12-31');

/** More units than there are up to the last of all days. */
const unitsMax = { week: 520_000, month: 120_000, year: 10_000 } as const;

/**
 * The first day of the period of this number, counted from the anchor and never from the period before it. A day that
 * the month does not have becomes the last day of the month: January 31, February 28 or 29, March 31. February 29
 * becomes February 28 in a common year and comes back in a leap year.
 * @param day of the month, where it is not that of the anchor
 * @returns null after the last of all days
 */
export function periodStart(
  anchor: Temporal.PlainDate,
  { unit, every }: Cadence,
  n: number,
  day: number = anchor.day,
): Temporal.PlainDate | null {
  assert(Number.isSafeInteger(n) && n >= 0, 'periods are counted from 0');
  if (n * every > unitsMax[unit]) return null;
  const start = unit === 'week' ? anchor.add({ weeks: n * every }) : monthsLater(anchor, n * every, unit, day);
  return Temporal.PlainDate.compare(start, lastDay) > 0 ? null : start;
}

function monthsLater(anchor: Temporal.PlainDate, count: number, unit: 'month' | 'year', day: number) {
  const month = anchor.toPlainYearMonth().add(unit === 'month' ? { months: count } : { years: count });
  return month.toPlainDate({ day: Math.min(day, month.daysInMonth) });
}

/**
 * The first and last day of the period of this number, both included. Periods tile the time line: the next one starts
 * on the day after.
 * @returns null where the period would go beyond the last of all days
 */
export function nthPeriod(
  anchor: Temporal.PlainDate,
  cadence: Cadence,
  n: number,
  day: number = anchor.day,
): { readonly startDate: Temporal.PlainDate; readonly endDate: Temporal.PlainDate } | null {
  const startDate = periodStart(anchor, cadence, n, day);
  const next = periodStart(anchor, cadence, n + 1, day);
  return startDate && next ? { startDate, endDate: next.subtract({ days: 1 }) } : null;
}
