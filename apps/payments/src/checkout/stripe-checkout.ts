import { Injectable, Logger } from '@nestjs/common';
import Stripe from 'stripe';
import { Refusal } from '#kernel/refusal.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { type CheckoutSettings, PaymentsSettings } from '../payments.config.js';
import { stripeUnitsOf } from '../webhooks/domain/stripe-units.js';
import type { Checkout } from './domain/checkout.js';

/** Where a session stands. Of one that is `paying`, the payment has been made and is not confirmed, or is. */
export type SessionState =
  | { readonly state: 'open' | 'over' }
  | { readonly state: 'paying'; readonly paymentReference: string };

const over: SessionState = { state: 'over' };

/** Two requests fit into the time that a client waits. */
const timeoutMs = 3_000;

/**
 * Checkout Sessions of Stripe (https://docs.stripe.com/api/checkout/sessions), by its own SDK. What went wrong there is
 * a Refusal, or ServiceUnavailable where a repeat may succeed. No text of Stripe's errors leaves: some quote the key.
 */
@Injectable()
export class StripeCheckout {
  private readonly logger = new Logger(StripeCheckout.name);
  private readonly stripe: Stripe | undefined;
  private readonly settings: CheckoutSettings | undefined;

  constructor({ checkout }: PaymentsSettings) {
    this.settings = checkout;
    this.stripe = checkout && sdkOf(checkout);
  }

  /** @throws Refusal CHECKOUT_UNAVAILABLE without a key */
  assertConfigured(): void {
    if (!this.stripe) throw unavailable('Payments by a provider are not set up here.');
  }

  /**
   * Opens the session of a page. A repeat gets the same session, by the page's own id. The metadata of the session and
   * of its payment name order and person, as the notifications are read.
   */
  async open(checkout: Checkout): Promise<{ sessionId: string; url: string }> {
    const { checkoutId, orderId, personId, amountMinor, currency, title, expiresAt } = checkout;
    const metadata = { order_id: orderId, person_id: personId };
    const returnUrl = (paid: 'yes' | 'no') => `${this.settings?.consoleUrl}/orders/${orderId}?paid=${paid}`;
    const session = await this.request((stripe) =>
      stripe.checkout.sessions.create(
        {
          mode: 'payment',
          client_reference_id: orderId,
          metadata,
          payment_intent_data: { metadata },
          line_items: [
            {
              quantity: 1,
              price_data: {
                currency: currency.toLowerCase(),
                unit_amount: stripeUnitsOf({ amountMinor, currency }),
                product_data: { name: title },
              },
            },
          ],
          // Paid in another currency, the amount would not be the order's.
          adaptive_pricing: { enabled: false },
          expires_at: Math.floor(expiresAt.epochMilliseconds / 1_000),
          success_url: returnUrl('yes'),
          cancel_url: returnUrl('no'),
        },
        { idempotencyKey: checkoutId },
      ),
    );
    if (!session.url) throw new ServiceUnavailable('stripe', 'the session has no address');
    return { sessionId: session.id, url: session.url };
  }

  /** Where a session stands now. One that Stripe does not have is over, such as one of another key. */
  async find(sessionId: string): Promise<SessionState> {
    const session = await this.orMissing((stripe) =>
      stripe.checkout.sessions.retrieve(sessionId, { expand: ['payment_intent'] }),
    );
    if (session?.status === 'open') return { state: 'open' };
    const intent = session?.payment_intent;
    if (session?.status !== 'complete' || typeof intent !== 'object' || intent === null) return over;
    // Without money the intent waits for another means of payment, which no page offers any more.
    const isPaying = intent.status === 'succeeded' || intent.status === 'processing';
    return isPaying ? { state: 'paying', paymentReference: intent.id } : over;
  }

  /** Closes a session, so that nobody pays on it. False when somebody was faster. */
  async close(sessionId: string): Promise<boolean> {
    const session = await this.orMissing((stripe) => stripe.checkout.sessions.expire(sessionId));
    return session?.status === 'expired';
  }

  /** Undefined where Stripe has no such session, or it is no longer open. */
  private async orMissing<Result>(work: (stripe: Stripe) => Promise<Result>): Promise<Result | undefined> {
    try {
      return await this.request(work);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'CHECKOUT_REFUSED') return undefined;
      throw error;
    }
  }

  private async request<Result>(work: (stripe: Stripe) => Promise<Result>): Promise<Result> {
    this.assertConfigured();
    try {
      return await work(this.stripe as Stripe);
    } catch (error) {
      throw this.translated(error);
    }
  }

  private translated(error: unknown): unknown {
    if (!(error instanceof Stripe.errors.StripeError)) return error;
    const { type, code, requestId, statusCode } = error;
    if (
      error instanceof Stripe.errors.StripeAuthenticationError ||
      error instanceof Stripe.errors.StripePermissionError
    ) {
      this.logger.error(`Stripe refuses our key (${type}, request ${requestId}): set another STRIPE_API_KEY`);
      return unavailable('The payment provider refuses our key.');
    }
    if (error instanceof Stripe.errors.StripeInvalidRequestError) {
      this.logger.warn(`Stripe refuses a request: ${code}, parameter ${error.param}, request ${requestId}`);
      return new Refusal('CHECKOUT_REFUSED', 'The payment provider does not take this payment.', {
        reason: code ?? 'invalid_request',
      });
    }
    return new ServiceUnavailable('stripe', `${type} ${statusCode ?? ''}`.trim(), { cause: error });
  }
}

function sdkOf({ apiKey, apiUrl }: CheckoutSettings): Stripe {
  const { protocol, hostname, port } = new URL(apiUrl);
  return new Stripe(apiKey, {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port && { port }),
    timeout: timeoutMs,
    maxNetworkRetries: 1,
    telemetry: false,
  });
}

function unavailable(message: string): Refusal {
  return new Refusal('CHECKOUT_UNAVAILABLE', message);
}
