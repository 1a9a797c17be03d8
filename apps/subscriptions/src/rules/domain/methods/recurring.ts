import { assert } from '#kernel/assert.js';
import { localDay } from '#kernel/clock.js';
import { formatMoney } from '#kernel/money.js';
import { type Cadence, daysIn, laterOf, nthPeriod, periodStart } from './calendar.js';
import type { Method, Misfit, Offer, ParameterValues, Period, PeriodPlan, TraceStep } from './method.js';
import { amountFrom, aRounding, oneOf, wholeNumber } from './needs.js';
import { renewalMisfits, renewalOf, renewalOptions } from './renewal.js';
import { inWords, type Rounding, shareOf } from './shares.js';

type Day = Temporal.PlainDate;

interface Terms {
  readonly priceMinor: number;
  readonly cadence: Cadence;
  readonly trialDays: number;
  /** The day of the month, or of the week from Monday as 1, on which each whole period starts. */
  readonly anchorDay: number | null;
  /** The number of whole periods; null is an open end. */
  readonly periods: number | null;
  readonly partialPeriod: 'prorated' | 'full';
  readonly rounding: Rounding;
}

function termsOf(parameters: ParameterValues): Terms {
  const { price, unit, every = 1, trial_days = 0, anchor_day = null, periods = null } = parameters;
  const { partial_period = 'prorated', rounding = 'half_up' } = parameters;
  return {
    priceMinor: price as number,
    cadence: { unit: unit as Cadence['unit'], every: every as number },
    trialDays: trial_days as number,
    anchorDay: anchor_day as number | null,
    periods: periods as number | null,
    partialPeriod: partial_period as Terms['partialPeriod'],
    rounding: rounding as Rounding,
  };
}

/** A stretch of days that an order pays for, before the class cuts it off. */
interface Stretch {
  readonly kind: 'trial' | 'partial' | 'whole';
  readonly startDate: Day;
  readonly endDate: Day;
  /** The whole period that the stretch is, or is a part of. */
  readonly of: { readonly startDate: Day; readonly endDate: Day };
}

const plan: PeriodPlan = {
  anchor: (_parameters, { startDate, timeZone }, now) => {
    const today = localDay(now, timeZone);
    return startDate ? laterOf(today, startDate) : today;
  },
  period(parameters, offer, anchor, n) {
    const terms = termsOf(parameters);
    const stretch = stretchOf(terms, anchor, n);
    if (stretch === null) return null;
    const { endDate } = offer;
    if (endDate !== null && Temporal.PlainDate.compare(stretch.startDate, endDate) > 0) return null;
    const endsEarly = endDate !== null && Temporal.PlainDate.compare(endDate, stretch.endDate) < 0;
    return periodOf(terms, offer, anchor, endsEarly ? { ...stretch, endDate } : stretch);
  },
  renewal: renewalOf,
};

/** What it costs every week, month or year, in periods that are counted from the first day. */
export const recurring: Method = {
  name: 'recurring',
  about:
    'Costs a price every so many weeks, months or years: from the day of the order, or the start of the class if that is ' +
    'later, for a number of periods or without an end, and no longer than the class.',
  needs: { price: amountFrom(0), unit: oneOf('week', 'month', 'year') },
  options: {
    every: wholeNumber(1, 120),
    trial_days: wholeNumber(0, 366),
    anchor_day: wholeNumber(1, 31),
    periods: wholeNumber(1, 1_000),
    partial_period: oneOf('prorated', 'full'),
    rounding: aRounding,
    ...renewalOptions,
  },
  misfits: (parameters) => [...anchorMisfits(termsOf(parameters)), ...renewalMisfits(parameters)],
  quote(parameters, offer, now) {
    const anchor = plan.anchor(parameters, offer, now);
    const first = plan.period(parameters, offer, anchor, 0);
    assert(first, 'a class that has not ended has a first period');
    const { dueDate: _, ...quote } = first;
    return quote;
  },
  plan,
};

function anchorMisfits({ anchorDay, cadence: { unit } }: Terms): Misfit[] {
  if (anchorDay === null) return [];
  const at = { parameter: 'anchor_day' };
  if (unit === 'year') return [{ at, message: 'must be absent where the unit is a year' }];
  if (unit === 'week' && anchorDay > 7) {
    return [{ at, message: 'must be a day from 1 for Monday to 7 for Sunday where the unit is a week' }];
  }
  return [];
}

/** The days of the period of this number; null after the last one. */
function stretchOf(terms: Terms, anchor: Day, n: number): Stretch | null {
  const { trialDays, cadence } = terms;
  if (trialDays > 0 && n === 0) {
    const days = { startDate: anchor, endDate: anchor.add({ days: trialDays - 1 }) };
    return { kind: 'trial', ...days, of: days };
  }
  const paidFrom = anchor.add({ days: trialDays });
  const first = firstWhole(terms, paidFrom);
  const isPartial = Temporal.PlainDate.compare(paidFrom, first) < 0;
  const index = n - (trialDays > 0 ? 1 : 0) - (isPartial ? 1 : 0);
  if (index < 0) {
    const endDate = first.subtract({ days: 1 });
    return { kind: 'partial', startDate: paidFrom, endDate, of: { startDate: before(terms, first), endDate } };
  }
  if (terms.periods !== null && index >= terms.periods) return null;
  const whole = nthPeriod(first, cadence, index, dayOfMonth(terms));
  return whole && { kind: 'whole', ...whole, of: whole };
}

function dayOfMonth({ anchorDay, cadence: { unit } }: Terms): number | undefined {
  return unit === 'month' && anchorDay !== null ? anchorDay : undefined;
}

/** The first day, from `paidFrom`, on which a whole period starts. */
function firstWhole({ anchorDay, cadence: { unit } }: Terms, paidFrom: Day): Day {
  if (anchorDay === null) return paidFrom;
  if (unit === 'week') return paidFrom.add({ days: (anchorDay - paidFrom.dayOfWeek + 7) % 7 });
  const single = { unit: 'month', every: 1 } as const;
  const inThisMonth = periodStart(paidFrom.with({ day: 1 }), single, 0, anchorDay);
  if (inThisMonth && Temporal.PlainDate.compare(inThisMonth, paidFrom) >= 0) return inThisMonth;
  return periodStart(paidFrom.with({ day: 1 }), single, 1, anchorDay) ?? paidFrom;
}

/** The first day of the whole period that would end where the first whole one starts. */
function before({ anchorDay, cadence: { unit, every } }: Terms, first: Day): Day {
  if (unit === 'week') return first.subtract({ weeks: every });
  const month = first.toPlainYearMonth().subtract({ months: every });
  return month.toPlainDate({ day: Math.min(anchorDay ?? first.day, month.daysInMonth) });
}

function periodOf(terms: Terms, offer: Offer, anchor: Day, stretch: Stretch): Period {
  const { startDate, endDate } = stretch;
  const { amountMinor, step } = amountOf(terms, offer, stretch);
  const days: TraceStep = {
    step: 'period',
    explanation: `It is from ${startDate} to ${endDate}, both days included, counted from ${anchor} in ${offer.timeZone}.`,
    anchor: anchor.toString(),
    zone: offer.timeZone,
    unit: terms.cadence.unit,
  };
  return { amountMinor, startDate, endDate, dueDate: startDate, trace: [step, days] };
}

function amountOf(terms: Terms, { currency }: Offer, { kind, startDate, endDate, of }: Stretch) {
  const { priceMinor, cadence, rounding } = terms;
  const price = formatMoney({ amountMinor: priceMinor, currency });
  const often = cadence.every === 1 ? `each ${cadence.unit}` : `every ${cadence.every} ${cadence.unit}s`;
  if (kind === 'trial') {
    const explanation = `The first ${daysIn(startDate, endDate)} days cost nothing; then it costs ${price} ${often}.`;
    return { amountMinor: 0, step: { step: 'amount', explanation } };
  }
  const numerator = daysIn(startDate, endDate);
  const denominator = daysIn(of.startDate, of.endDate);
  if (numerator === denominator || terms.partialPeriod === 'full') {
    return { amountMinor: priceMinor, step: { step: 'amount', explanation: `It costs ${price} ${often}.` } };
  }
  const amountMinor = shareOf(priceMinor, numerator, denominator, rounding);
  const part = formatMoney({ amountMinor, currency });
  const explanation =
    `It costs ${price} ${often}; this period has ${numerator} of ${denominator} days and costs ${part}, ` +
    `rounded ${inWords[rounding]}.`;
  return { amountMinor, step: { step: 'amount', explanation, unit: 'day', numerator, denominator, rounding } };
}
