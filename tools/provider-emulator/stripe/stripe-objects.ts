import type { Dispute, Payment, Refund, Session } from '../records.ts';

/** The objects of Stripe's API, as far as notifications and answers have them. */

export function sessionObject(session: Session, payment: Payment | undefined, pageUrl: string) {
  // Paid in part or too much, the session says what was paid: its notifications agree with those of the payment.
  const amount = payment?.amount ?? session.amount;
  return {
    id: session.id,
    object: 'checkout.session',
    mode: 'payment',
    amount_subtotal: amount,
    amount_total: amount,
    currency: session.currency,
    client_reference_id: session.clientReference,
    metadata: session.metadata,
    payment_intent: session.paymentId,
    payment_status: payment?.status === 'succeeded' ? 'paid' : 'unpaid',
    status: session.status,
    success_url: session.successUrl,
    cancel_url: session.cancelUrl,
    created: session.createdAt,
    expires_at: session.expiresAt,
    livemode: false,
    url: session.status === 'open' ? pageUrl : null,
  };
}

export function intentObject({ id, chargeId, amount, currency, metadata, createdAt, status }: Payment) {
  return {
    id,
    object: 'payment_intent',
    amount,
    amount_received: status === 'succeeded' ? amount : 0,
    currency,
    metadata,
    created: createdAt,
    latest_charge: chargeId,
    livemode: false,
    status,
  };
}

export function chargeObject({ id, chargeId, amount, currency, metadata, createdAt, refunds }: Payment) {
  const refunded = sumOf(refunds);
  return {
    id: chargeId,
    object: 'charge',
    amount,
    amount_captured: amount,
    amount_refunded: refunded,
    captured: true,
    created: createdAt,
    currency,
    livemode: false,
    metadata,
    paid: true,
    payment_intent: id,
    refunded: refunded === amount,
    status: 'succeeded',
  };
}

export function refundObject(payment: Payment, { id, amount, createdAt, status }: Refund) {
  return {
    id,
    object: 'refund',
    amount,
    charge: payment.chargeId,
    created: createdAt,
    currency: payment.currency,
    payment_intent: payment.id,
    status,
  };
}

export function disputeObject(payment: Payment, { id, amount, createdAt, status }: Dispute) {
  return {
    id,
    object: 'dispute',
    amount,
    charge: payment.chargeId,
    created: createdAt,
    currency: payment.currency,
    livemode: false,
    payment_intent: payment.id,
    reason: 'fraudulent',
    status,
  };
}

/** What went back of a payment by refunds that did not fail. */
export function sumOf(refunds: readonly Refund[]): number {
  return refunds.filter(({ status }) => status === 'succeeded').reduce((sum, { amount }) => sum + amount, 0);
}
