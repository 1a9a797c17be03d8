import { assert } from '#kernel/assert.js';
import { formatMoney } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import { daysIn, type Span, wholeClass } from './calendar.js';
import type { Method, Misfit, Need, Offer, ParameterValues, TraceStep } from './method.js';
import { aDay, amountFrom, aRounding, oneOf } from './needs.js';
import { inWords, type Rounding, shareOf } from './shares.js';

const weekdays: Need = {
  requirement: 'a list of days of the week, from 1 for Monday to 7 for Sunday, each once',
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: 7,
    uniqueItems: true,
    items: { type: 'integer', minimum: 1, maximum: 7 },
  },
};

const meetings: Need = {
  requirement: 'a list of 1 to 400 days such as 2026-09-01, each once',
  schema: { type: 'array', minItems: 1, maxItems: 400, uniqueItems: true, items: aDay.schema },
};

/** Who joins late pays for what remains. */
export const prorated: Method = {
  name: 'prorated',
  about:
    'Costs a price for the whole class; an order that starts later pays for the days or the meetings that remain, that ' +
    'of its first day included.',
  needs: { price: amountFrom(0), unit: oneOf('day', 'meeting') },
  options: { weekdays, meetings, rounding: aRounding },
  misfits,
  quote(parameters, offer, now) {
    const span = wholeClass(offer, now);
    const { amountMinor, step } = remaining(parameters, offer, span);
    return { amountMinor, startDate: span.startDate, endDate: span.endDate, trace: [step, ...span.trace] };
  },
};

function remaining(parameters: ParameterValues, offer: Offer, span: Span) {
  const priceMinor = parameters.price as number;
  const rounding = (parameters.rounding as Rounding | undefined) ?? 'half_up';
  const unit = parameters.unit as 'day' | 'meeting';
  const counting = counterOf(parameters);
  const { startDate, endDate } = offer;
  assert(startDate && endDate, 'the days of a prorated class were checked');
  const numerator = counting(span.startDate, endDate);
  const denominator = counting(startDate, endDate);
  if (numerator === 0) {
    const says = `All ${denominator} meetings of the class are over.`;
    throw new Refusal('NO_MEETINGS_LEFT', says, { meetings: denominator });
  }
  const amountMinor = shareOf(priceMinor, numerator, denominator, rounding);
  const [whole, part] = [priceMinor, amountMinor].map((minor) =>
    formatMoney({ amountMinor: minor, currency: offer.currency }),
  );
  const explanation =
    numerator === denominator
      ? `It costs ${whole} for all ${denominator} ${unit}s of the class.`
      : `It costs ${whole} for ${denominator} ${unit}s; ${numerator} of them remain and cost ${part}, ` +
        `rounded ${inWords[rounding]}.`;
  const step: TraceStep = {
    step: 'amount',
    explanation,
    anchor: startDate.toString(),
    zone: offer.timeZone,
    unit,
    numerator,
    denominator,
    rounding,
  };
  return { amountMinor, step };
}

type Counter = (first: Temporal.PlainDate, last: Temporal.PlainDate) => number;

/** Counts days or meetings from a first to a last day, both included. */
function counterOf({ unit, weekdays: onDays, meetings: dates }: ParameterValues): Counter {
  if (unit === 'day') return daysIn;
  if (dates !== undefined) {
    const listed = dates as readonly string[];
    return (first, last) => listed.filter((date) => date >= first.toString() && date <= last.toString()).length;
  }
  return (first, last) => daysOfWeek(onDays as readonly number[], first, last);
}

/** How often days of the week occur from a first to a last day, both included. */
export function daysOfWeek(onDays: readonly number[], first: Temporal.PlainDate, last: Temporal.PlainDate): number {
  const days = Math.max(0, daysIn(first, last));
  const wholeWeeks = Math.floor(days / 7);
  const rest = days % 7;
  const inRest = onDays.filter((weekday) => (weekday - first.dayOfWeek + 7) % 7 < rest).length;
  return wholeWeeks * onDays.length + inRest;
}

function misfits(parameters: ParameterValues, { startDate, endDate }: Offer): Misfit[] {
  if (startDate === null) return [{ at: { member: 'start_date' }, message: 'must have a first day to be prorated' }];
  if (endDate === null) return [{ at: { member: 'end_date' }, message: 'must have a last day to be prorated' }];
  const { unit, weekdays: onDays, meetings: dates } = parameters;
  if (unit === 'day') return [];
  if (dates === undefined && onDays === undefined) {
    return [{ at: { parameter: 'unit' }, message: 'needs weekdays or meetings where it is a meeting' }];
  }
  if (dates !== undefined && onDays !== undefined) {
    return [{ at: { parameter: 'meetings' }, message: 'must be absent where weekdays are given' }];
  }
  if (counterOf(parameters)(startDate, endDate) > 0) return [];
  const parameter = dates === undefined ? 'weekdays' : 'meetings';
  return [{ at: { parameter }, message: `must have a day from ${startDate} to ${endDate}, the days of the class` }];
}
