import { localDay } from '#kernel/clock.js';
import { formatMoney } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import { startOf, wholeClass } from './calendar.js';
import type { Method, Misfit, Need, Offer, ParameterValues, TraceStep } from './method.js';
import { aDay, amountFrom } from './needs.js';

/** A price up to a day, that day included. */
interface DatedPrice {
  readonly until: string;
  readonly amount_minor: number;
}

interface Terms {
  readonly priceMinor: number;
  readonly earlier: readonly DatedPrice[];
  readonly opens: Temporal.PlainDate | null;
  /** The last day on which an order is accepted. */
  readonly closes: Temporal.PlainDate | null;
}

const prices: Need = {
  requirement: 'a list of 1 to 50 days and amounts such as {"date": "2026-09-01", "amount_minor": 4900}, by day',
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: {
      type: 'object',
      properties: { date: aDay.schema, amount_minor: amountFrom(0).schema },
      required: ['date', 'amount_minor'],
      additionalProperties: false,
    },
  },
};

/** A price list by day, and a window in which one may register. */
export const earlyBird: Method = {
  name: 'early_bird',
  about:
    'Costs the amount of the first day in a list that has not passed, and after the list a price; orders are accepted ' +
    'within a registration window, if there is one.',
  needs: { prices, price: amountFrom(0) },
  options: { registration_opens: aDay, registration_closes: aDay },
  misfits,
  quote(parameters, offer, now) {
    const terms = termsOf(parameters);
    refuseOutsideWindow(terms, offer, now);
    const { startDate, endDate, trace } = wholeClass(offer, now);
    const { amountMinor, step } = priceOn(localDay(now, offer.timeZone), terms, offer);
    return { amountMinor, startDate, endDate, trace: [step, ...trace] };
  },
};

function termsOf(parameters: ParameterValues): Terms {
  const list = parameters.prices as readonly { date: string; amount_minor: number }[];
  const dayIn = (name: string) => {
    const day = parameters[name] as string | undefined;
    return day === undefined ? null : Temporal.PlainDate.from(day);
  };
  return {
    priceMinor: parameters.price as number,
    earlier: list.map(({ date: until, amount_minor }) => ({ until, amount_minor })),
    opens: dayIn('registration_opens'),
    closes: dayIn('registration_closes'),
  };
}

function misfits(parameters: ParameterValues): Misfit[] {
  const { earlier, opens, closes } = termsOf(parameters);
  const isOrdered = earlier.every(({ until }, index) => index === 0 || (earlier[index - 1]?.until ?? '') < until);
  const isReversed = opens !== null && closes !== null && Temporal.PlainDate.compare(opens, closes) > 0;
  return [
    ...(isOrdered ? [] : [{ at: { parameter: 'prices' }, message: 'must have each day once, the earliest first' }]),
    ...(isReversed
      ? [{ at: { parameter: 'registration_closes' }, message: `must not be before ${opens}, when registration opens` }]
      : []),
  ];
}

/** @throws Refusal REGISTRATION_NOT_OPEN, REGISTRATION_CLOSED */
function refuseOutsideWindow({ opens, closes }: Terms, { timeZone }: Offer, now: Temporal.Instant): void {
  const opensAt = opens && startOf(opens, timeZone);
  if (opensAt && Temporal.Instant.compare(now, opensAt) < 0) {
    throw new Refusal('REGISTRATION_NOT_OPEN', `Registration opens on ${opens} in ${timeZone}.`, {
      opens_at: opensAt.toString(),
    });
  }
  const closedAt = closes && startOf(closes.add({ days: 1 }), timeZone);
  if (closedAt && Temporal.Instant.compare(now, closedAt) >= 0) {
    throw new Refusal('REGISTRATION_CLOSED', `Registration was open until ${closes} in ${timeZone}.`, {
      closed_at: closedAt.toString(),
    });
  }
}

function priceOn(today: Temporal.PlainDate, { earlier, priceMinor }: Terms, { currency, timeZone }: Offer) {
  const early = earlier.find(({ until }) => until >= today.toString());
  const amountMinor = early?.amount_minor ?? priceMinor;
  const costs = formatMoney({ amountMinor, currency });
  const last = earlier.at(-1)?.until;
  const explanation = early
    ? `It costs ${costs} until ${early.until} in ${timeZone}, that day included.`
    : `It costs ${costs}: the last earlier price was that of ${last} in ${timeZone}.`;
  const step: TraceStep = { step: 'amount', explanation, zone: timeZone, unit: 'day' };
  return { amountMinor, step };
}
