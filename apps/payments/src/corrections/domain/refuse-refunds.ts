import { orRefusal, Refusal } from '#kernel/refusal.js';
import { assertByHand, type CorrectablePayment, leftOf, paymentFor } from './payment-correction.js';

/** That a payment was given back by hand. */
export interface HandRefund {
  readonly paymentId: string;
  /** Null: all that is left. */
  readonly amountMinor: number | null;
}

/** A refund that fits its payment. */
export interface FittingRefund {
  readonly payment: CorrectablePayment;
  readonly amountMinor: number;
}

/**
 * Of each refund its payment and amount, or why it is refused: PAYMENT_NOT_FOUND, PAYMENT_NOT_BY_HAND,
 * PAYMENT_REFUNDED or REFUND_EXCEEDS_PAYMENT. Several refunds of one payment fit in their order.
 */
export function refuseRefunds(
  refunds: readonly HandRefund[],
  known: ReadonlyMap<string, CorrectablePayment>,
): readonly (FittingRefund | Refusal)[] {
  const payments = new Map(known);
  return refunds.map(({ paymentId, amountMinor }) =>
    orRefusal(() => {
      const payment = paymentFor(payments, paymentId);
      assertByHand(payment);
      const leftMinor = leftOf(payment);
      const wantedMinor = amountMinor ?? leftMinor;
      if (wantedMinor > leftMinor) {
        throw new Refusal('REFUND_EXCEEDS_PAYMENT', 'The payment has less than this amount left.', {
          field: 'amount_minor',
          left_minor: leftMinor,
        });
      }
      payments.set(paymentId, { ...payment, refundedMinor: payment.refundedMinor + wantedMinor });
      return { payment, amountMinor: wantedMinor };
    }),
  );
}
