/** Money of a person that is reserved for an order, and not the class's yet. */
export interface Reservation {
  readonly transferId: string;
  readonly orderId: string;
  readonly amountMinor: number;
  /** The payment that covered the order; null when the money was on the account before. */
  readonly paymentId: string | null;
}
