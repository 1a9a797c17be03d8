import type { Reservation } from '../../receivables/domain/reservation.js';

/** Money of a payment that leaves its person, and what they owe since. */
export interface Taking {
  readonly owedMinor: number;
  readonly payment: { readonly id: string };
}

/**
 * The orders that have to give way for a refund or a correction, when something is owed: those that its payment
 * covered, then those covered by money that was on the account, until what they free covers the debt. What another
 * payment covered stays.
 *
 * @param reservations of the payment's person in its currency, the newest first
 * @param owedMinor what the person owes in all
 */
export function ordersGivingWay(
  taking: Taking,
  reservations: readonly Reservation[],
  owedMinor: number,
): Reservation[] {
  if (taking.owedMinor === 0) return [];
  const candidates = [
    ...reservations.filter(({ paymentId }) => paymentId === taking.payment.id),
    ...reservations.filter(({ paymentId }) => paymentId === null),
  ];
  let freedMinor = 0;
  return candidates.filter(({ amountMinor }) => {
    const isNeeded = freedMinor < owedMinor;
    freedMinor += amountMinor;
    return isNeeded;
  });
}
