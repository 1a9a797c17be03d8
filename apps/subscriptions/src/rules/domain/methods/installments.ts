import { localDay } from '#kernel/clock.js';
import { formatMoney } from '#kernel/money.js';
import { type Cadence, periodStart, wholeClassFrom } from './calendar.js';
import type { Method, Misfit, Offer, ParameterValues, Period, PeriodPlan, TraceStep } from './method.js';
import { amountFrom, oneOf, wholeNumber } from './needs.js';
import { renewalMisfits, renewalOf, renewalOptions } from './renewal.js';
import { splitEqually } from './shares.js';

interface Terms {
  readonly priceMinor: number;
  readonly downPaymentMinor: number;
  readonly parts: number;
  readonly cadence: Cadence;
}

function termsOf({ price, down_payment, parts, unit, every = 1 }: ParameterValues): Terms {
  return {
    priceMinor: price as number,
    downPaymentMinor: down_payment as number,
    parts: parts as number,
    cadence: { unit: unit as Cadence['unit'], every: every as number },
  };
}

/** All periods have the days of the whole order; they differ in amount and due date. */
const plan: PeriodPlan = {
  anchor: (_parameters, { timeZone }, now) => localDay(now, timeZone),
  period(parameters, offer, anchor, n) {
    const terms = termsOf(parameters);
    const dueDate = n > terms.parts ? null : periodStart(anchor, terms.cadence, n);
    return dueDate && periodOf(terms, offer, anchor, { n, dueDate });
  },
  renewal: renewalOf,
};

/** A down payment, and the rest in equal parts. */
export const installments: Method = {
  name: 'installments',
  about:
    'Costs a price: a down payment with the order, and the rest in equal parts, one every so many weeks, months or years. ' +
    'The person is in the class after the down payment, until the class ends.',
  needs: {
    price: amountFrom(0),
    down_payment: amountFrom(0),
    parts: wholeNumber(1, 120),
    unit: oneOf('week', 'month', 'year'),
  },
  options: { every: wholeNumber(1, 120), ...renewalOptions },
  misfits(parameters) {
    const { priceMinor, downPaymentMinor, parts } = termsOf(parameters);
    const rest = priceMinor - downPaymentMinor;
    const message = `must leave at least 1 minor unit of the price for each of the ${parts} parts`;
    const unfit: Misfit[] = rest < parts ? [{ at: { parameter: 'down_payment' }, message }] : [];
    return [...unfit, ...renewalMisfits(parameters)];
  },
  quote(parameters, offer, now) {
    const anchor = plan.anchor(parameters, offer, now);
    const { dueDate: _, ...quote } = periodOf(termsOf(parameters), offer, anchor, { n: 0, dueDate: anchor });
    return quote;
  },
  plan,
};

function periodOf(
  terms: Terms,
  offer: Offer,
  anchor: Temporal.PlainDate,
  { n, dueDate }: { readonly n: number; readonly dueDate: Temporal.PlainDate },
): Period {
  const { priceMinor, downPaymentMinor, parts, cadence } = terms;
  const amounts = [downPaymentMinor, ...splitEqually(priceMinor - downPaymentMinor, parts)];
  const amountMinor = amounts[n] as number;
  const [price, part] = [priceMinor, amountMinor].map((minor) =>
    formatMoney({ amountMinor: minor, currency: offer.currency }),
  );
  const { startDate, endDate, trace } = wholeClassFrom(anchor, offer);
  const often = cadence.every === 1 ? cadence.unit : `${cadence.every} ${cadence.unit}s`;
  const explanation =
    n === 0
      ? `It costs ${price}: ${part} with the order, and the rest in ${parts} parts, one after each ${often}.`
      : `It costs ${price}; part ${n} of ${parts} is ${part}, due on ${dueDate}, counted from ${anchor} in ${offer.timeZone}.`;
  const step: TraceStep = {
    step: 'amount',
    explanation,
    anchor: anchor.toString(),
    zone: offer.timeZone,
    unit: cadence.unit,
    numerator: n,
    denominator: parts,
  };
  return { amountMinor, startDate, endDate, dueDate, trace: [step, ...trace] };
}
