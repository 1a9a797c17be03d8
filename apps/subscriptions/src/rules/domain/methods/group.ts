import { AMOUNT_MINOR_MAX, formatMoney } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import { wholeClass } from './calendar.js';
import type { Method, Misfit, Need, ParameterValues } from './method.js';
import { amountFrom, oneOf, wholeNumber } from './needs.js';

/** The price of a seat from a number of seats on. */
interface Tier {
  readonly count: number;
  readonly amount_minor: number;
}

interface Terms {
  readonly tiers: readonly Tier[];
  readonly seatsMax: number;
  /** Whether the tier of all seats prices each of them, or each tier the seats within it. */
  readonly tiering: 'all_seats' | 'each_tier';
}

const tiers: Need = {
  requirement: 'a list of 1 to 50 numbers of seats and amounts such as {"count": 1, "amount_minor": 4900}, from 1 seat',
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: {
      type: 'object',
      properties: { count: wholeNumber(1, 1_000).schema, amount_minor: amountFrom(0).schema },
      required: ['count', 'amount_minor'],
      additionalProperties: false,
    },
  },
};

/** A price for each seat; one payer, several students. */
export const group: Method = {
  name: 'group',
  about:
    'Costs a price for each seat, by tiers: the more seats, the other the price of all seats, or of those within a tier.',
  needs: { tiers },
  options: { seats_max: wholeNumber(1, 1_000), tiering: oneOf('all_seats', 'each_tier') },
  takesSeats: true,
  misfits,
  quote(parameters, offer, now, { seats }) {
    const terms = termsOf(parameters);
    if (seats > terms.seatsMax) {
      const says = `An order may have at most ${terms.seatsMax} seats.`;
      throw new Refusal('TOO_MANY_SEATS', says, { field: 'seats', limit: terms.seatsMax });
    }
    const { startDate, endDate, trace } = wholeClass(offer, now);
    const { amountMinor, explanation } = priceOf(terms, seats, offer.currency);
    const step = { step: 'amount', explanation, unit: 'seat', numerator: seats };
    return { amountMinor, startDate, endDate, trace: [step, ...trace] };
  },
};

function termsOf({ tiers: given, seats_max = 100, tiering = 'all_seats' }: ParameterValues): Terms {
  return {
    tiers: given as readonly Tier[],
    seatsMax: seats_max as number,
    tiering: tiering as Terms['tiering'],
  };
}

/** The seats that each tier prices, in the order of the tiers. */
function seatsByTier({ tiers: all, tiering }: Terms, seats: number): { readonly tier: Tier; readonly seats: number }[] {
  const reached = all.filter(({ count }) => count <= seats);
  if (tiering === 'all_seats') return reached.slice(-1).map((tier) => ({ tier, seats }));
  return reached.map((tier, index) => {
    const next = reached[index + 1]?.count ?? seats + 1;
    return { tier, seats: next - tier.count };
  });
}

function priceOf(terms: Terms, seats: number, currency: string) {
  const parts = seatsByTier(terms, seats);
  const amountMinor = parts.reduce((sum, part) => sum + part.seats * part.tier.amount_minor, 0);
  const each = parts.map(({ tier, seats: count }) => {
    return `${count} × ${formatMoney({ amountMinor: tier.amount_minor, currency })}`;
  });
  const total = formatMoney({ amountMinor, currency });
  const noun = seats === 1 ? 'seat' : 'seats';
  return { amountMinor, explanation: `It costs ${total} for ${seats} ${noun}: ${each.join(' and ')}.` };
}

function misfits(parameters: ParameterValues): Misfit[] {
  const terms = termsOf(parameters);
  const at = { parameter: 'tiers' };
  const isOrdered = terms.tiers.every(({ count }, index) => count > (terms.tiers[index - 1]?.count ?? 0));
  if (!isOrdered || terms.tiers[0]?.count !== 1) {
    return [{ at, message: 'must begin with 1 seat and have each number once, the smallest first' }];
  }
  const dearest = Math.max(...terms.tiers.map(({ amount_minor: amountMinor }) => amountMinor));
  if (dearest * terms.seatsMax <= AMOUNT_MINOR_MAX) return [];
  return [{ at, message: `must keep an order of ${terms.seatsMax} seats within ${AMOUNT_MINOR_MAX} minor units` }];
}
