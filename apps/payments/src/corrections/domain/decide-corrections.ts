import { orRefusal, Refusal } from '#kernel/refusal.js';
import { takeMoney } from '../../debts/domain/take-money.js';
import type { Balances } from '../../ledger/domain/balances.js';
import { clearingAccount, type Posting } from '../../ledger/domain/posting.js';
import { payerAccount } from '../../payment-rows/payer-account.js';
import {
  assertByHand,
  type CorrectablePayment,
  type CorrectionDecision,
  type PaymentCorrection,
  paymentFor,
} from './payment-correction.js';

/** That a payment was registered with another amount than was paid. */
export interface AmountCorrection {
  readonly paymentId: string;
  /** The amount that was paid. */
  readonly amountMinor: number;
  readonly reason: string;
}

/** What is known of payments and of their persons' accounts, under the ledger's lock. */
export interface CorrectionState {
  readonly payments: ReadonlyMap<string, CorrectablePayment>;
  readonly balances: Balances;
}

/**
 * Corrects amounts: provider clearing → person for what is missing, person → provider clearing for what is too much;
 * suspense in place of the person while nobody is known. What the person has spent already becomes their debt. Refused
 * are PAYMENT_NOT_FOUND, PAYMENT_NOT_BY_HAND, AMOUNT_UNCHANGED, PAYMENT_REFUNDED and AMOUNT_BELOW_REFUNDED.
 *
 * @param nextId gives new ids, each larger than the one before
 */
export function decideCorrections(
  corrections: readonly AmountCorrection[],
  state: CorrectionState,
  nextId: () => string,
): CorrectionDecision {
  const payments = new Map(state.payments);
  const postings: Posting[] = [];
  const results = corrections.map(({ paymentId, amountMinor, reason }) =>
    orRefusal((): PaymentCorrection => {
      const before = paymentFor(payments, paymentId);
      assertCorrectable(before, amountMinor);
      const after = { ...before, amountMinor };
      const moved = move(before, amountMinor - before.amountMinor, state.balances, nextId);
      postings.push(...moved.postings);
      payments.set(paymentId, after);
      const movedMinor = Math.abs(amountMinor - before.amountMinor);
      return { id: moved.id, kind: 'correct', before, after, movedMinor, owedMinor: moved.owedMinor, reason };
    }),
  );
  return { results, postings };
}

/** Moves the difference between the corrected amount and the one before. */
function move(payment: CorrectablePayment, differenceMinor: number, balances: Balances, nextId: () => string) {
  const { id: paymentId, provider, currency, orderId } = payment;
  const clearing = clearingAccount(provider, currency);
  const posting: Omit<Posting, 'id' | 'sourceKey' | 'debit' | 'credit'> = {
    movement: 'correct-payment',
    amountMinor: Math.abs(differenceMinor),
    orderId,
    paymentId,
    correctionOf: paymentId,
  };
  if (differenceMinor < 0) {
    return takeMoney(payment, { ...posting, sourcePrefix: 'correct', credit: clearing }, balances, nextId);
  }
  const id = nextId();
  const given: Posting = { ...posting, id, sourceKey: `correct/${id}`, debit: clearing, credit: payerAccount(payment) };
  balances.post(given);
  return { id, owedMinor: 0, postings: [given] };
}

function assertCorrectable(payment: CorrectablePayment, amountMinor: number): void {
  assertByHand(payment);
  if (amountMinor === payment.amountMinor) {
    throw new Refusal('AMOUNT_UNCHANGED', 'The payment has this amount already.', { field: 'amount_minor' });
  }
  if (payment.excessMinor > 0) {
    throw new Refusal('PAYMENT_REFUNDED', 'More than this payment went back to the payer.', { paymentId: payment.id });
  }
  if (amountMinor < payment.refundedMinor) {
    throw new Refusal('AMOUNT_BELOW_REFUNDED', 'More than this amount was given back already.', {
      field: 'amount_minor',
      refunded_minor: payment.refundedMinor,
    });
  }
}
