import type { MovementCause } from '../../ledger/cause.js';

/** That a payment arrived, as its provider or an admin says. A payment is one by (provider, reference). */
export interface PaymentNotice {
  readonly provider: string;
  /** The payment’s own id at the provider. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly personNamed: string | null;
  readonly orderNamed: string | null;
  /** `orderNamed` only stands in for a name: one of the metadata replaces it, and it contradicts none. */
  readonly orderStandsIn?: boolean;
  readonly note?: string | null;
  /** Of the amount, what is not the money of the person. */
  readonly taxMinor?: number | null;
  readonly shippingMinor?: number | null;
  readonly tipMinor?: number | null;
  /** When the money was received, where that is known and is not now. */
  readonly receivedAt?: Temporal.Instant | null;
  readonly cause: MovementCause;
}

/** The result of a notice: `conflict` when it contradicts the payment that has its reference, and changed nothing. */
export interface PaymentAnswer {
  readonly verdict: 'registered' | 'duplicate' | 'conflict';
  /** The payment that has this reference: the first one of which a notice came. */
  readonly paymentId: string;
}
