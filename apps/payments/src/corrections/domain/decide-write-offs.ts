import { orRefusal, Refusal } from '#kernel/refusal.js';
import type { ReceivableState } from '../../receivables/domain/receivable.js';

/** That what an order is short of shall be written off. */
export interface WantedWriteOff {
  readonly orderId: string;
  /** The most that may be written off. */
  readonly atMostMinor: number;
}

/** What a person owes for an order, and what they can spend. */
export interface ShortReceivable {
  readonly orderId: string;
  readonly personId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: ReceivableState;
  readonly availableMinor: number;
}

/** An order that is funded by all that its person can spend, and by a write-off of the rest. */
export interface WriteOff {
  readonly orderId: string;
  readonly personId: string;
  readonly currency: string;
  readonly amountMinor: number;
}

/**
 * Decides which orders are funded although they are short: the person's money pays as much as there is, and the rest is
 * written off. Refused are ORDER_NOT_FOUND, ORDER_NOT_WAITING, ORDER_NOT_SHORT, and SHORTFALL_TOO_LARGE when more is
 * missing than may be written off, or all of it.
 *
 * @param known by order
 */
export function decideWriteOffs(
  wanted: readonly WantedWriteOff[],
  known: ReadonlyMap<string, ShortReceivable>,
): readonly (WriteOff | Refusal)[] {
  /** Whose money an order of this set has used up. */
  const spent = new Set<string>();
  const paid = new Set<string>();
  return wanted.map(({ orderId, atMostMinor }) =>
    orRefusal(() => {
      const receivable = known.get(orderId);
      if (!receivable) throw new Refusal('ORDER_NOT_FOUND', 'There is no such order.', { orderId });
      const { personId, currency, state } = receivable;
      if (state !== 'open' || paid.has(orderId)) {
        throw new Refusal('ORDER_NOT_WAITING', 'This order does not wait for money.', { orderId });
      }
      const availableMinor = spent.has(`${personId} ${currency}`) ? 0 : Math.max(0, receivable.availableMinor);
      const shortMinor = receivable.amountMinor - availableMinor;
      assertWritable(shortMinor, availableMinor, atMostMinor);
      spent.add(`${personId} ${currency}`);
      paid.add(orderId);
      return { orderId, personId, currency, amountMinor: shortMinor };
    }),
  );
}

function assertWritable(shortMinor: number, availableMinor: number, atMostMinor: number): void {
  if (shortMinor <= 0) throw new Refusal('ORDER_NOT_SHORT', 'The person has the money for this order.');
  if (shortMinor <= atMostMinor && availableMinor > 0) return;
  throw new Refusal('SHORTFALL_TOO_LARGE', 'More is missing than may be written off.', {
    field: 'amount_minor',
    short_minor: shortMinor,
  });
}
