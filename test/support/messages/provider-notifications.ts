import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

/** A notification of a provider: the body as bytes on the wire, and the headers that sign it. */
export interface Notification {
  readonly provider: 'standard' | 'stripe';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PaidEvents {
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
}

/** Money that was refunded or disputed, or reinstated. */
export interface ReturnedEvents extends Pick<PaidEvents, 'eventId' | 'amountMinor' | 'currency' | 'signedAt'> {
  readonly kind?: 'refund' | 'dispute';
  /** The refund's or dispute's own id. */
  readonly returnId?: string;
  /** The payment that it is about. */
  readonly paymentId: string;
  readonly givenBack?: boolean;
}

/** Signed by the Standard Webhooks SDK itself. */
export function standardNotification(secret: string, events: PaidEvents): Notification {
  return standardEvent(secret, events, events.type ?? 'payment.succeeded', {
    payment_id: events.paymentId ?? `pay_${randomUUID()}`,
    amount_minor: events.amountMinor,
    currency: events.currency,
    metadata: metadataOf(events),
  });
}

export function standardReturn(secret: string, events: ReturnedEvents): Notification {
  const { kind = 'refund', returnId = `ret_${randomUUID()}`, givenBack = false } = events;
  const types = {
    refund: givenBack ? 'payment.refund_failed' : 'payment.refunded',
    dispute: givenBack ? 'payment.dispute_won' : 'payment.disputed',
  };
  return standardEvent(secret, events, types[kind], {
    [`${kind}_id`]: returnId,
    payment_id: events.paymentId,
    amount_minor: events.amountMinor,
    currency: events.currency,
  });
}

function standardEvent(
  secret: string,
  { signedAt = new Date(), eventId = `evt_${randomUUID()}` }: Pick<PaidEvents, 'signedAt' | 'eventId'>,
  type: string,
  data: Record<string, unknown>,
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
export function stripeNotification(secret: string, events: PaidEvents): Notification {
  return stripeEvent(secret, events, events.type ?? 'payment_intent.succeeded', {
    id: events.paymentId ?? `pi_${randomUUID()}`,
    object: 'payment_intent',
    amount: events.amountMinor,
    amount_received: events.amountMinor,
    currency: lowerCase(events.currency),
    metadata: metadataOf(events),
    status: 'succeeded',
  });
}

export function stripeReturn(secret: string, events: ReturnedEvents): Notification {
  const {
    kind = 'refund',
    returnId = `${kind === 'refund' ? 're' : 'dp'}_${randomUUID()}`,
    givenBack = false,
  } = events;
  const types = {
    refund: givenBack ? 'refund.failed' : 'refund.created',
    dispute: givenBack ? 'charge.dispute.funds_reinstated' : 'charge.dispute.funds_withdrawn',
  };
  const statuses = {
    refund: givenBack ? 'failed' : 'pending',
    dispute: givenBack ? 'won' : 'needs_response',
  };
  return stripeEvent(secret, events, types[kind], {
    id: returnId,
    object: kind,
    amount: events.amountMinor,
    charge: `ch_${randomUUID()}`,
    currency: lowerCase(events.currency),
    payment_intent: events.paymentId,
    status: statuses[kind],
  });
}

function stripeEvent(
  secret: string,
  { signedAt = new Date(), eventId = `evt_${randomUUID()}` }: Pick<PaidEvents, 'signedAt' | 'eventId'>,
  type: string,
  object: Record<string, unknown>,
): Notification {
  const created = Math.floor(signedAt.getTime() / 1_000);
  const body = JSON.stringify({ id: eventId, object: 'event', created, livemode: false, type, data: { object } });
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

function metadataOf({ orderId, personId }: PaidEvents): Record<string, string> {
  return { ...(orderId ? { order_id: orderId } : {}), ...(personId ? { person_id: personId } : {}) };
}
