import { localDay } from '#kernel/clock.js';
import { endOf } from '../../classes/domain/class.js';
import type { Offer, ParameterValues, Period, PeriodPlan } from '../../rules/domain/methods/method.js';
import type { Next } from './subscription.js';

/** What follows when a period is not paid. */
export interface PaymentSchedule {
  /** The due date of the period, or the day on which its order opens if that is later. */
  readonly dueDate: Temporal.PlainDate;
  readonly dunning: readonly { readonly step: 'remind' | 'suspend'; readonly at: Temporal.Instant }[];
  /** The unpaid order expires, and the subscription ends. */
  readonly expiresAt: Temporal.Instant;
}

/** The periods of a subscription in the zone of its class, by the plan of its rule: calendar days become instants. */
export class Schedule {
  constructor(
    private readonly plan: PeriodPlan,
    private readonly parameters: ParameterValues,
    private readonly offer: Offer,
    readonly anchor: Temporal.PlainDate,
  ) {}

  /** The period of this number; null after the last one, and of a class that has ended before. */
  period(n: number): Period | null {
    const period = this.plan.period(this.parameters, this.offer, this.anchor, n);
    const { endDate } = this.offer;
    const isOver = period && endDate && Temporal.PlainDate.compare(period.startDate, endDate) > 0;
    return isOver ? null : period;
  }

  /** What follows the period of this number, whose last day is `endDate`. */
  after(n: number, endDate: Temporal.PlainDate | null): Next {
    const following = this.period(n + 1);
    if (!following) return lastDay(endDate, this.offer);
    const { leadDays } = this.plan.renewal(this.parameters);
    return { nextPeriod: n + 1, nextAt: this.startOf(following.dueDate.subtract({ days: leadDays })) };
  }

  /** Whether the period has days of its own: all parts of instalments pay for the days of the first one. */
  hasOwnDays(n: number, { startDate }: Period): boolean {
    const previous = this.period(n - 1);
    return previous === null || Temporal.PlainDate.compare(startDate, previous.startDate) > 0;
  }

  /**
   * What follows when the period, whose order opens at `now`, is not paid. An order that opens late, after an outage,
   * has all of its days: nobody is suspended for what they could not pay. It is open for `windowHours` at least.
   */
  payment(period: Period, now: Temporal.Instant, windowHours: number): PaymentSchedule {
    const today = localDay(now, this.offer.timeZone);
    const dueDate = Temporal.PlainDate.compare(period.dueDate, today) < 0 ? today : period.dueDate;
    const { graceDays, dunning } = this.plan.renewal(this.parameters);
    const suspends = dunning.some(({ step }) => step === 'suspend');
    const steps = suspends ? dunning : [...dunning, { afterDays: graceDays, step: 'suspend' as const }];
    const at = (afterDays: number) => later(this.startOf(dueDate.add({ days: afterDays })), now.add({ seconds: 1 }));
    const end = dunning.at(-1)?.afterDays ?? graceDays;
    return {
      dueDate,
      dunning: steps
        .flatMap(({ step, afterDays }) => (step === 'end' ? [] : [{ step, at: at(afterDays) }]))
        .sort((one, other) => Temporal.Instant.compare(one.at, other.at)),
      expiresAt: later(at(end), now.add({ hours: windowHours })),
    };
  }

  /** Later than midnight where the clocks change at midnight. */
  private startOf(day: Temporal.PlainDate): Temporal.Instant {
    return day.toZonedDateTime(this.offer.timeZone).toInstant();
  }
}

/** After the last period: the end of its last day. */
export function lastDay(endDate: Temporal.PlainDate | null, { timeZone }: Pick<Offer, 'timeZone'>): Next {
  return { nextPeriod: null, nextAt: endOf({ endDate, timeZone }) };
}

function later(one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(one, other) < 0 ? other : one;
}
