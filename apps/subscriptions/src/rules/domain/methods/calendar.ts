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
