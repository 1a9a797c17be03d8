import type { MovementCause } from '../../ledger/cause.js';
import type { RefundKind, RefundRefusal } from './refund.js';

/** Who registered a refund by hand, as `formatAuthor` writes it, and why. */
export interface RefundByHand {
  readonly author: string;
  readonly reason: string;
}

/** What a provider says of one refund or dispute. */
export interface RefundNotice {
  readonly provider: string;
  readonly kind: RefundKind;
  /** The refund's or dispute's own id at the provider. */
  readonly reference: string;
  /** The id at the provider of the payment that goes back. */
  readonly paymentReference: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The money came back to us: the refund failed, or the dispute was won. Else it went away. */
  readonly reinstated: boolean;
  /** Of a refund that an admin registers by hand. */
  readonly byHand?: RefundByHand;
  readonly cause: MovementCause;
}

/**
 * `applied`: it brought news. `waiting`: it did, and waits for its payment. `duplicate`: it did not. `quarantined`: it
 * contradicts what is known.
 */
export interface RefundAnswer {
  readonly verdict: 'applied' | 'waiting' | 'duplicate' | 'quarantined';
  readonly reason: RefundRefusal | null;
  /** The refund that the notice is about; null when the notice contradicts it. */
  readonly refundId: string | null;
}
