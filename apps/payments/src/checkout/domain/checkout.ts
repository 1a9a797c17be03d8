import { idFrom } from '#kernel/ids.js';
import type { Shortfall } from '../../receivables/domain/receivable.js';
import { stripeAmountAbove } from '../../webhooks/domain/stripe-units.js';
import type { OrderToPay } from './payable-order.js';

/** A payment page of an order: what the provider is requested for, and what it answered. */
export interface Checkout {
  /** The key by which the provider recognises a repeat of the request. */
  readonly checkoutId: string;
  readonly orderId: string;
  readonly personId: string;
  readonly title: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly begunAt: Temporal.Instant;
  readonly expiresAt: Temporal.Instant;
  /** Null before the provider has answered. */
  readonly sessionId: string | null;
  readonly url: string | null;
}

/** Stripe takes 30 minutes to 24 hours after the session is made, by its own clock. */
const minutesMin = 35;
const minutesMax = 24 * 60 - 5;
/** A request that did not reach Stripe may be repeated for this long: less than the margin of its shortest session. */
const repeatableMinutes = 4;

/**
 * A new page of an order. It closes with the payment window where the provider allows that; a payment after the window
 * is late money.
 * @param before the page that it replaces
 */
export function newCheckout(
  order: OrderToPay,
  shortfall: Shortfall,
  now: Temporal.Instant,
  before?: Checkout,
): Checkout {
  const { orderId, personId, title, currency } = order;
  const [earliest, latest] = [now.add({ minutes: minutesMin }), now.add({ minutes: minutesMax })];
  const window = order.expiresAt ?? latest;
  const end = [earliest, latest, window].sort(Temporal.Instant.compare)[1] ?? latest;
  return {
    checkoutId: idFrom('checkout', orderId, before?.checkoutId ?? '', now.toString()),
    orderId,
    personId,
    title,
    amountMinor: amountOf(shortfall, currency),
    currency,
    begunAt: now,
    // Whole seconds: Stripe counts no parts of them.
    expiresAt: end.round({ smallestUnit: 'second', roundingMode: 'floor' }),
    sessionId: null,
    url: null,
  };
}

/** Whether a page asks for what the order lacks now. */
export function asksFor(checkout: Checkout, shortfall: Shortfall): boolean {
  return checkout.amountMinor === amountOf(shortfall, checkout.currency);
}

/** Whether the same request may be sent once more, of a page that the provider has not answered for. */
export function isRepeatable({ begunAt }: Checkout, now: Temporal.Instant): boolean {
  return begunAt.until(now).total('minutes') < repeatableMinutes;
}

function amountOf({ lacksMinor: amountMinor }: Shortfall, currency: string): number {
  return stripeAmountAbove({ amountMinor, currency });
}
