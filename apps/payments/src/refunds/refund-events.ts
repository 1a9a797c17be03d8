import { paymentDisputed, paymentRefunded } from '#contracts/payments/payments.js';
import { type NewEvent, newEvent } from '#messaging/publishing/outbox.js';
import type { Reservation } from '../receivables/domain/reservation.js';
import type { RefundMove } from './domain/refund-book.js';

/** payment-refunded or payment-disputed: what one refund moved, and the orders that have to give way for it. */
export function refundEventOf(move: RefundMove, orders: readonly Reservation[], at: Temporal.Instant): NewEvent {
  const { refund, payment, owedMinor, excessMinor, accountVersion, cause } = move;
  const isReinstated = refund.state === 'reinstated';
  return newEvent(refund.kind === 'refund' ? paymentRefunded : paymentDisputed, {
    subject: payment.id,
    cause,
    data: {
      refund_id: refund.id,
      reference: refund.reference,
      payment_id: payment.id,
      provider: refund.provider,
      person_id: payment.personId,
      amount_minor: refund.amountMinor,
      currency: refund.currency,
      state: isReinstated ? 'reinstated' : 'applied',
      covered_minor: isReinstated ? 0 : refund.amountMinor - owedMinor - excessMinor,
      owed_minor: owedMinor,
      ...(excessMinor > 0 && { excess_minor: excessMinor }),
      account_version: accountVersion,
      orders: orders.map(({ orderId, amountMinor, transferId }) => ({
        order_id: orderId,
        amount_minor: amountMinor,
        transfer_id: transferId,
      })),
      recorded_at: at.toString({ smallestUnit: 'microsecond' }),
    },
  });
}
