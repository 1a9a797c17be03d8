import { localDay } from '#kernel/clock.js';
import type { Offer, TraceStep } from './method.js';

/** Whether the last day of the class is over where the class is. */
export function hasEnded({ endDate, timeZone }: Pick<Offer, 'endDate' | 'timeZone'>, now: Temporal.Instant): boolean {
  return endDate !== null && Temporal.PlainDate.compare(endDate, localDay(now, timeZone)) < 0;
}

/** From which day until which an order is good, and how that came about. */
export interface Span {
  readonly startDate: Temporal.PlainDate;
  readonly endDate: Temporal.PlainDate | null;
  readonly trace: readonly TraceStep[];
}

/**
 * From the day of the order in the class's zone, or the class's own later start, until the class's end if it has one.
 */
export function wholeClass({ timeZone, startDate, endDate }: Offer, now: Temporal.Instant): Span {
  const today = localDay(now, timeZone);
  const waits = startDate !== null && Temporal.PlainDate.compare(startDate, today) > 0;
  const start = waits ? startDate : today;
  return {
    startDate: start,
    endDate,
    trace: [
      {
        step: 'start',
        says: waits
          ? `It starts when the class starts, on ${start}.`
          : `It starts on the day of the order in ${timeZone}, ${start}.`,
      },
      { step: 'end', says: endDate ? `It ends with the class, on ${endDate}, that day included.` : 'It has no end.' },
    ],
  };
}
