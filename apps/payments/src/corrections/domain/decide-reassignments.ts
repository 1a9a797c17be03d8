import { orRefusal, Refusal } from '#kernel/refusal.js';
import { type Taking, takeMoney } from '../../debts/domain/take-money.js';
import { type Posting, personAccount } from '../../ledger/domain/posting.js';
import { assertPayee, type Payees } from '../../payments/domain/refuse-assignments.js';
import type { CorrectionState } from './decide-corrections.js';
import { type CorrectionDecision, leftOf, type PaymentCorrection, paymentFor } from './payment-correction.js';

/** That a payment belongs to another person than the one who has it. */
export interface Reassignment {
  readonly paymentId: string;
  readonly personId: string;
  /** The order of this person that gets the money first. */
  readonly assignedOrderId: string | null;
  readonly reason: string;
}

/**
 * Moves what is left of payments between persons: the person who has it → the person whose it is. What the first one
 * has spent already becomes their debt. Refused are PAYMENT_NOT_FOUND, PAYMENT_UNMATCHED, PAYMENT_REFUNDED,
 * PERSON_UNCHANGED, and what refuses an assignment.
 *
 * @param nextId gives new ids, each larger than the one before
 */
export function decideReassignments(
  reassignments: readonly Reassignment[],
  state: CorrectionState & Payees,
  nextId: () => string,
): CorrectionDecision {
  const payments = new Map(state.payments);
  const postings: Posting[] = [];
  const results = reassignments.map((reassignment) =>
    orRefusal((): PaymentCorrection => {
      const { paymentId, personId, assignedOrderId, reason } = reassignment;
      const before = paymentFor(payments, paymentId);
      if (before.personId === null) {
        throw new Refusal('PAYMENT_UNMATCHED', 'This payment is in suspense: assign it instead.', { paymentId });
      }
      const movedMinor = leftOf(before);
      if (before.personId === personId) {
        throw new Refusal('PERSON_UNCHANGED', 'This person has the payment already.', { field: 'person_id' });
      }
      assertPayee(reassignment, before.currency, state);
      const after = { ...before, personId, orderId: assignedOrderId ?? before.orderId };
      const taking: Taking = {
        sourcePrefix: 'reassign',
        movement: 'reassign-payment',
        credit: personAccount(personId, before.currency),
        amountMinor: movedMinor,
        orderId: before.orderId,
        paymentId,
        correctionOf: paymentId,
      };
      const { id, owedMinor, postings: taken } = takeMoney(before, taking, state.balances, nextId);
      postings.push(...taken);
      payments.set(paymentId, after);
      return { id, kind: 'reassign', before, after, movedMinor, owedMinor, reason };
    }),
  );
  return { results, postings };
}
