import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

/** A notification of a provider: the body as bytes on the wire, and the headers that sign it. */
export interface Notification {
  readonly provider: 'standard' | 'stripe';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PaymentDetails {
  /** The payment's id at the provider. */
  readonly paymentId?: string;
  /** The notification's id at the provider; a repeat has the same. */
  readonly eventId?: string;
  readonly type?: string;
  readonly amountMinor: unknown;
  readonly currency: unknown;
  readonly orderId?: string;
  readonly personId?: string;
  readonly signedAt?: Date;
  /** Other fields of the payment, as the provider names them. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Money that was refunded or disputed, or reinstated. */
export interface RefundDetails extends Pick<PaymentDetails, 'eventId' | 'amountMinor' | 'currency' | 'signedAt'> {
  readonly kind?: 'refund' | 'dispute';
  /** The refund's or dispute's own id. */
  readonly refundId?: string;
  /** The payment that it is about. */
  readonly paymentId: string;
  readonly reinstated?: boolean;
}

/** Signed by the Standard Webhooks SDK itself. */
export function standardNotification(secret: string, details: PaymentDetails): Notification {
  return standardEvent(secret, details, details.type ?? 'payment.succeeded', {
    payment_id: details.paymentId ?? `pay_${randomUUID()}`,
    amount_minor: details.amountMinor,
    currency: details.currency,
    metadata: metadataOf(details),
    ...details.more,
  });
}

export function standardRefund(secret: string, details: RefundDetails): Notification {
  const { kind = 'refund', refundId = `ret_${randomUUID()}`, reinstated = false } = details;
  const types = {
    refund: reinstated ? 'payment.refund_failed' : 'payment.refunded',
    dispute: reinstated ? 'payment.dispute_won' : 'payment.disputed',
  };
  return standardEvent(secret, details, types[kind], {
    [`${kind}_id`]: refundId,
    payment_id: details.paymentId,
    amount_minor: details.amountMinor,
    currency: details.currency,
  });
}

/** Any event by Standard Webhooks. */
export function standardEvent(
  secret: string,
  { signedAt = new Date(), eventId = `evt_${randomUUID()}` }: Pick<PaymentDetails, 'signedAt' | 'eventId'>,
  type: string,
  data: unknown,
): Notification {
  const body = JSON.stringify({ type, timestamp: signedAt.toISOString(), data });
  return { provider: 'standard', body, headers: standardHeaders(secret, eventId, signedAt, body) };
}

function standardHeaders(secret: string, eventId: string, signedAt: Date, body: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': eventId,
    'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(eventId, signedAt, body),
  };
}

const stripe = new Stripe('sk_test_only_signs_here');

/** Signed by Stripe's SDK itself. */
export function stripeNotification(secret: string, details: PaymentDetails): Notification {
  return stripeEvent(secret, details, details.type ?? 'payment_intent.succeeded', {
    id: details.paymentId ?? `pi_${randomUUID()}`,
    object: 'payment_intent',
    amount: details.amountMinor,
    amount_received: details.amountMinor,
    currency: lowerCase(details.currency),
    metadata: metadataOf(details),
    status: 'succeeded',
    ...details.more,
  });
}

export function stripeRefund(secret: string, details: RefundDetails): Notification {
  const {
    kind = 'refund',
    refundId = `${kind === 'refund' ? 're' : 'dp'}_${randomUUID()}`,
    reinstated = false,
  } = details;
  const types = {
    refund: reinstated ? 'refund.failed' : 'refund.created',
    dispute: reinstated ? 'charge.dispute.funds_reinstated' : 'charge.dispute.funds_withdrawn',
  };
  const statuses = {
    refund: reinstated ? 'failed' : 'pending',
    dispute: reinstated ? 'won' : 'needs_response',
  };
  return stripeEvent(secret, details, types[kind], {
    id: refundId,
    object: kind,
    amount: details.amountMinor,
    charge: `ch_${randomUUID()}`,
    currency: lowerCase(details.currency),
    payment_intent: details.paymentId,
    status: statuses[kind],
  });
}

/** Any event of Stripe; `envelope` replaces members around the object, or leaves them out. */
export function stripeEvent(
  secret: string,
  { signedAt = new Date(), eventId = `evt_${randomUUID()}` }: Pick<PaymentDetails, 'signedAt' | 'eventId'>,
  type: string,
  object: unknown,
  envelope: Readonly<Record<string, unknown>> = {},
): Notification {
  const created = Math.floor(signedAt.getTime() / 1_000);
  const event = { id: eventId, object: 'event', created, livemode: false, type, data: { object } };
  const body = JSON.stringify({ ...event, ...envelope });
  return { provider: 'stripe', body, headers: stripeHeaders(secret, signedAt, body) };
}

/** Any bytes, signed as Stripe signs them. */
export function stripeBytes(secret: string, body: string, signedAt = new Date()): Notification {
  return { provider: 'stripe', body, headers: stripeHeaders(secret, signedAt, body) };
}

function lowerCase(currency: unknown): unknown {
  return typeof currency === 'string' ? currency.toLowerCase() : currency;
}

function stripeHeaders(secret: string, signedAt: Date, payload: string): Record<string, string> {
  const timestamp = Math.floor(signedAt.getTime() / 1_000);
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { 'content-type': 'application/json', 'stripe-signature': signature };
}

/** The repeat of a notification: the same id and body, with a new signature. */
export function signedAgain(secret: string, { provider, headers, body }: Notification): Notification {
  const signedAt = new Date();
  const signed =
    provider === 'standard'
      ? standardHeaders(secret, headers['webhook-id'] as string, signedAt, body)
      : stripeHeaders(secret, signedAt, body);
  return { provider, body, headers: signed };
}

/** Posts the notification to the payment service as the provider would. */
export function post(webhooksUrl: string, { provider, headers, body }: Notification): Promise<Response> {
  return fetch(`${webhooksUrl}/webhooks/${provider}`, { method: 'POST', headers, body });
}

function metadataOf({ orderId, personId }: PaymentDetails): Record<string, string> {
  return { ...(orderId ? { order_id: orderId } : {}), ...(personId ? { person_id: personId } : {}) };
}
