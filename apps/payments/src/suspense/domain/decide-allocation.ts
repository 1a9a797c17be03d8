import type { MovementCause } from '../../ledger/cause.js';
import { type Posting, personAccount } from '../../ledger/domain/posting.js';
import { payerAccount } from '../../payment-rows/payer-account.js';

/** Whose a payment in suspense is, and what says so. */
export interface PaymentMatch {
  readonly paymentId: string;
  readonly personId: string;
  /** The admin who says so, if one does. */
  readonly assignedBy?: string | null;
  /** The order that the admin gives it to; counts before the one that the payment names. */
  readonly assignedOrderId?: string | null;
  readonly cause: MovementCause;
}

/** A payment that no person is known for. */
export interface UnmatchedPayment {
  readonly id: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What of it went back to the payer. */
  readonly refundedMinor: number;
  /** What of it is tax, shipping or a tip. */
  readonly extrasMinor: number;
  /** An admin found that it is not ours: its money is not in suspense any more. */
  readonly isDismissed?: boolean;
  /** The order that it names, if that is an id. */
  readonly orderId: string | null;
}

/** A person can spend more, since this payment left suspense. */
export interface AllocatedPayment {
  readonly personId: string;
  readonly currency: string;
  readonly orderId: string | null;
  readonly paymentId: string;
  /** What of the payment was left. */
  readonly amountMinor: number;
  readonly cause: MovementCause;
}

/** What an allocation changes. */
export interface Allocation {
  /** The first match of each payment that is still in suspense. */
  readonly matches: readonly PaymentMatch[];
  readonly postings: readonly Posting[];
  readonly allocated: readonly AllocatedPayment[];
}

/**
 * Moves what is left of payments from suspense, or from foreign money, to their persons. A payment that went back to
 * the payer whole finds its person as well, and moves nothing.
 *
 * @param unmatched those of the payments that are still in suspense
 */
export function decideAllocation(
  matches: readonly PaymentMatch[],
  unmatched: readonly UnmatchedPayment[],
  nextId: () => string,
): Allocation {
  const first = new Map(matches.toReversed().map((match) => [match.paymentId, match]));
  const found = unmatched.map((payment) => ({ payment, match: first.get(payment.id) as PaymentMatch }));
  const dismissed = new Set(unmatched.filter(({ isDismissed }) => isDismissed).map(({ id }) => id));
  const moving = found
    .map(({ payment: { id, amountMinor, refundedMinor, extrasMinor, currency, orderId }, match }) => ({
      paymentId: id,
      personId: match.personId,
      amountMinor: amountMinor - extrasMinor - refundedMinor,
      currency,
      orderId: match.assignedOrderId ?? orderId,
      cause: match.cause,
    }))
    .filter(({ amountMinor }) => amountMinor > 0);
  return {
    matches: found.map(({ match }) => match),
    postings: moving.map(({ paymentId, personId, amountMinor, currency, orderId }) => ({
      id: nextId(),
      sourceKey: `match/${paymentId}`,
      movement: 'match-payment',
      debit: payerAccount({ personId: null, isDismissed: dismissed.has(paymentId), currency }),
      credit: personAccount(personId, currency),
      amountMinor,
      orderId,
      paymentId,
    })),
    allocated: moving,
  };
}
