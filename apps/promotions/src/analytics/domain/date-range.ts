import { Refusal } from '#kernel/refusal.js';

/** Days of UTC, both included. */
export interface DateRange {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
}

const beginning = Temporal.PlainDate.from('0001-01-01');
const end = Temporal.PlainDate.from('9999-12-31');

/** @throws Refusal DATES_REVERSED */
export function dateRangeOf({ from, to }: { from?: string; to?: string }): DateRange {
  return ordered(from ? Temporal.PlainDate.from(from) : beginning, to ? Temporal.PlainDate.from(to) : end);
}

const daysByDefault = 30;
const daysMax = 800;

/**
 * A date range of which each day is reported: up to today when no end is given, 30 days when no start is given.
 * @throws Refusal DATES_REVERSED, SPAN_TOO_LONG
 */
export function boundedDateRangeOf({ from, to }: { from?: string; to?: string }, now: Temporal.Instant): DateRange {
  const last = to ? Temporal.PlainDate.from(to) : now.toZonedDateTimeISO('UTC').toPlainDate();
  const first = from ? Temporal.PlainDate.from(from) : notBeforeAll(last.subtract({ days: daysByDefault - 1 }));
  const range = ordered(first, last);
  if (daysOf(range) > daysMax) {
    throw new Refusal('SPAN_TOO_LONG', `One answer lists at most ${daysMax} days.`, { field: 'from', daysMax });
  }
  return range;
}

/** How many days there are. */
export function daysOf({ from, to }: DateRange): number {
  return from.until(to).days + 1;
}

/** Databases have no year 0. */
function notBeforeAll(day: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(day, beginning) < 0 ? beginning : day;
}

function ordered(from: Temporal.PlainDate, to: Temporal.PlainDate): DateRange {
  if (Temporal.PlainDate.compare(from, to) > 0) {
    throw new Refusal('DATES_REVERSED', 'The last day lies before the first.', { field: 'to' });
  }
  return { from, to };
}
