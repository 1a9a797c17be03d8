import type { RefundMove } from './refund-book.js';

/** Money of a person that is reserved for an order, and not the class's yet. */
export interface Reservation {
  readonly transferId: string;
  readonly orderId: string;
  readonly amountMinor: number;
  /** The payment that covered the order; null when the money was on the account before. */
  readonly paymentId: string | null;
}

/**
 * The orders that have to give way for a refund, when something is owed: those that its payment covered, then those
 * covered by money that was on the account, until what they free covers the debt. What another payment covered
 * stays.
 *
 * @param reservations of the payment's person in its currency, the newest first
 * @param owedMinor what the person owes in all
 */
export function ordersGivingWay(
  move: RefundMove,
  reservations: readonly Reservation[],
  owedMinor: number,
): Reservation[] {
  if (move.owedMinor === 0) return [];
  const candidates = [
    ...reservations.filter(({ paymentId }) => paymentId === move.payment.id),
    ...reservations.filter(({ paymentId }) => paymentId === null),
  ];
  let freedMinor = 0;
  return candidates.filter(({ amountMinor }) => {
    const isNeeded = freedMinor < owedMinor;
    freedMinor += amountMinor;
    return isNeeded;
  });
}
