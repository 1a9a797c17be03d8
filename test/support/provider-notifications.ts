import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

/** What a provider posts: the body as bytes on the wire and the headers that sign it. */
export interface Notification {
  readonly provider: 'standard' | 'stripe';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PaidFacts {
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

/** Signed by the Standard Webhooks SDK itself. */
export function standardNotification(secret: string, facts: PaidFacts): Notification {
  const signedAt = facts.signedAt ?? new Date();
  const eventId = facts.eventId ?? `evt_${randomUUID()}`;
  const body = JSON.stringify({
    type: facts.type ?? 'payment.succeeded',
    timestamp: signedAt.toISOString(),
    data: {
      payment_id: facts.paymentId ?? `pay_${randomUUID()}`,
      amount_minor: facts.amountMinor,
      currency: facts.currency,
      metadata: metadataOf(facts),
    },
  });
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
export function stripeNotification(secret: string, facts: PaidFacts): Notification {
  const signedAt = facts.signedAt ?? new Date();
  const created = Math.floor(signedAt.getTime() / 1_000);
  const body = JSON.stringify({
    id: facts.eventId ?? `evt_${randomUUID()}`,
    object: 'event',
    created,
    livemode: false,
    type: facts.type ?? 'payment_intent.succeeded',
    data: {
      object: {
        id: facts.paymentId ?? `pi_${randomUUID()}`,
        object: 'payment_intent',
        amount: facts.amountMinor,
        amount_received: facts.amountMinor,
        currency: typeof facts.currency === 'string' ? facts.currency.toLowerCase() : facts.currency,
        metadata: metadataOf(facts),
        status: 'succeeded',
      },
    },
  });
  return { provider: 'stripe', body, headers: stripeHeaders(secret, signedAt, body) };
}

function stripeHeaders(secret: string, signedAt: Date, payload: string): Record<string, string> {
  const timestamp = Math.floor(signedAt.getTime() / 1_000);
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { 'content-type': 'application/json', 'stripe-signature': signature };
}

/** The same notification as a provider sends it again: with its id and its body, signed anew. */
export function signedAgain(secret: string, { provider, headers, body }: Notification): Notification {
  const signedAt = new Date();
  const signed =
    provider === 'standard'
      ? standardHeaders(secret, headers['webhook-id'] as string, signedAt, body)
      : stripeHeaders(secret, signedAt, body);
  return { provider, body, headers: signed };
}

/** Posts it to the payment service as the provider would. */
export function post(webhooksUrl: string, { provider, headers, body }: Notification): Promise<Response> {
  return fetch(`${webhooksUrl}/webhooks/${provider}`, { method: 'POST', headers, body });
}

function metadataOf({ orderId, personId }: PaidFacts): Record<string, string> {
  return { ...(orderId ? { order_id: orderId } : {}), ...(personId ? { person_id: personId } : {}) };
}
