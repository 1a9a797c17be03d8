import type { Hours } from './active-hours.js';
import { isAlwaysOpen, opensOn, windowMinutes } from './active-hours.js';

/** From `opensAt` on, until just before `closesAt`. */
interface Interval {
  readonly opensAt: Temporal.Instant;
  readonly closesAt: Temporal.Instant;
}

/**
 * The window of a day compared with an ordinary day: a change of the clocks may skip it, shorten it or repeat a part.
 */
type ClockChange = 'none' | 'skipped' | 'shortened' | 'repeated';

/** The window that belongs to one day. */
export interface Opening {
  readonly day: Temporal.PlainDate;
  readonly clockChange: ClockChange;
  /** None when the window is missing, two when the clocks go back past its end. */
  readonly intervals: readonly Interval[];
  readonly seconds: number;
}

/** How many days ahead openings are searched. Hours that open at all do so within them. */
export const previewDays = 400;

/** More than the offset from UTC of any zone ever was. */
const widestOffset = { hours: 24 } as const;
const nanosecondsPerSecond = 1_000_000_000n;

/** The windows of `count` days beginning with `first`, of the days on which a window opens. */
export function openingsFrom(hours: Hours, first: Temporal.PlainDate, count: number): Opening[] {
  const stretches = stretchesOf(hours.timezone, first, first.add({ days: count + 1 }));
  const openings: Opening[] = [];
  for (let day = first, left = count; left > 0; day = day.add({ days: 1 }), left -= 1) {
    if (opensOn(hours, day)) openings.push(openingOf(hours, day, stretches));
  }
  return openings;
}

/** The first opening after `now`, at which the hours are closed; null if there is none within `previewDays`. */
export function nextOpening(hours: Hours, now: Temporal.Instant): Temporal.Instant | null {
  // A fortnight is enough, unless a change of the clocks skips the only window of a week.
  for (const days of [14, previewDays]) {
    const opening = intervalsAround(hours, now, days).find(({ opensAt }) => Temporal.Instant.compare(opensAt, now) > 0);
    if (opening) return opening.opensAt;
  }
  return null;
}

/** The end of the window that contains `now`; null if the hours never end. */
export function closingOf(hours: Hours, now: Temporal.Instant): Temporal.Instant | null {
  if (isAlwaysOpen(hours)) return null;
  const last = intervalsAround(hours, now, 14).find(
    ({ opensAt, closesAt }) =>
      Temporal.Instant.compare(opensAt, now) <= 0 && Temporal.Instant.compare(now, closesAt) < 0,
  );
  return last?.closesAt ?? null;
}

/** Intervals from yesterday on, whose window may still be open. Adjacent intervals, such as whole days, are joined. */
function intervalsAround(hours: Hours, now: Temporal.Instant, days: number): Interval[] {
  const yesterday = now.toZonedDateTimeISO(hours.timezone).toPlainDate().subtract({ days: 1 });
  // When clocks go back over midnight, a later day may begin before an earlier one ends.
  const intervals = openingsFrom(hours, yesterday, days)
    .flatMap((opening) => opening.intervals)
    .sort((left, right) => Temporal.Instant.compare(left.opensAt, right.opensAt));
  return joined(intervals);
}

/** A period in which a zone has one offset from UTC. */
interface Stretch {
  readonly from: bigint;
  readonly until: bigint;
  readonly offset: bigint;
}

/** The stretches that may contain the wall-clock days from `first` to `last`. */
function stretchesOf(timezone: string, first: Temporal.PlainDate, last: Temporal.PlainDate): Stretch[] {
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime('UTC').toInstant();
  const until = midnight(last).add(widestOffset).add({ hours: 24 }).epochNanoseconds;
  const stretches: Stretch[] = [];
  let at = midnight(first).subtract(widestOffset).toZonedDateTimeISO(timezone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    const end = next && next.epochNanoseconds < until ? next.epochNanoseconds : until;
    stretches.push({ from: at.epochNanoseconds, until: end, offset: BigInt(at.offsetNanoseconds) });
    if (!next || end === until) return stretches;
    at = next;
  }
}

/**
 * Within a stretch the wall clock differs from UTC by a constant. So the window is shifted by the offset of each
 * stretch, and the part that lies within the stretch is what really occurs.
 */
function openingOf(hours: Hours, day: Temporal.PlainDate, stretches: readonly Stretch[]): Opening {
  const minutes = windowMinutes(hours);
  const wallStart = day.toZonedDateTime('UTC').add({ minutes: hours.startMinute }).epochNanoseconds;
  const wallEnd = wallStart + BigInt(minutes * 60) * nanosecondsPerSecond;
  const intervals: Interval[] = [];
  let nanoseconds = 0n;
  for (const { from, until, offset } of stretches) {
    const opens = wallStart - offset > from ? wallStart - offset : from;
    const closes = wallEnd - offset < until ? wallEnd - offset : until;
    if (opens >= closes) continue;
    nanoseconds += closes - opens;
    intervals.push({ opensAt: new Temporal.Instant(opens), closesAt: new Temporal.Instant(closes) });
  }
  const seconds = Number(nanoseconds / nanosecondsPerSecond);
  return { day, clockChange: clockChangeOf(seconds, minutes * 60), intervals: joined(intervals), seconds };
}

function clockChangeOf(seconds: number, usual: number): ClockChange {
  if (seconds === 0) return 'skipped';
  if (seconds === usual) return 'none';
  return seconds < usual ? 'shortened' : 'repeated';
}

function joined(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const interval of intervals) {
    const last = result.at(-1);
    if (last && Temporal.Instant.compare(interval.opensAt, last.closesAt) <= 0) {
      const later = Temporal.Instant.compare(interval.closesAt, last.closesAt) > 0 ? interval : last;
      result[result.length - 1] = { opensAt: last.opensAt, closesAt: later.closesAt };
    } else {
      result.push(interval);
    }
  }
  return result;
}
