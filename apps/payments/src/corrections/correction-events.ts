import { paymentCorrected, paymentReassigned } from '#contracts/payments/corrections.js';
import { type NewEvent, newEvent } from '#messaging/publishing/outbox.js';
import type { MovementCause } from '../ledger/cause.js';
import type { Reservation } from '../receivables/domain/reservation.js';
import type { PaymentCorrection } from './domain/payment-correction.js';

/** payment-corrected or payment-reassigned: what moved, and the orders that have to give way for it. */
export function correctionEventOf(
  correction: PaymentCorrection & { readonly cause: MovementCause },
  orders: readonly Reservation[],
  at: Temporal.Instant,
): NewEvent {
  const { id, kind, before, after, cause } = correction;
  const data = {
    correction_id: id,
    payment_id: before.id,
    provider: before.provider,
    currency: before.currency,
    owed_minor: correction.owedMinor,
    orders: orders.map(({ orderId, amountMinor, transferId }) => ({
      order_id: orderId,
      amount_minor: amountMinor,
      transfer_id: transferId,
    })),
    reason: correction.reason,
    recorded_at: at.toString({ smallestUnit: 'microsecond' }),
  };
  if (kind === 'correct') {
    return newEvent(paymentCorrected, {
      subject: before.id,
      cause,
      data: {
        ...data,
        person_id: before.personId,
        amount_before_minor: before.amountMinor,
        amount_minor: after.amountMinor,
      },
    });
  }
  return newEvent(paymentReassigned, {
    subject: before.id,
    cause,
    data: {
      ...data,
      from_person_id: before.personId as string,
      to_person_id: after.personId as string,
      amount_minor: correction.movedMinor,
    },
  });
}
