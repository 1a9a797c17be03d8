import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import type { Shortfall } from '../receivables/domain/receivable.js';
import { CheckoutsStore } from './checkouts.store.js';
import { asksFor, type Checkout, isRepeatable, newCheckout } from './domain/checkout.js';
import { type OrderToPay, payableOf, paymentOnItsWay } from './domain/payable-order.js';
import { StripeCheckout } from './stripe-checkout.js';

/** How often other requests may replace the page while this one looks at it. */
const attemptsMax = 3;

/** A page on which what an order lacks can be paid. */
export interface OpenPage extends Pick<Shortfall, 'balanceMinor' | 'debtMinor'> {
  readonly amountMinor: number;
  readonly url: string;
  readonly expiresAt: Temporal.Instant;
}

/**
 * The payment pages of orders: one at a time for each. A page is noted here before Stripe is requested, with the key of
 * that request. So simultaneous requests, and a repeat after a crash, get the same page.
 */
@Injectable()
export class OrderPages {
  constructor(
    private readonly checkouts: CheckoutsStore,
    private readonly stripe: StripeCheckout,
    private readonly clock: Clock,
  ) {}

  /**
   * The page of an order, which asks for what it lacks now.
   * @throws Refusal ORDER_NOT_PAYABLE, CHECKOUT_REFUSED or CHECKOUT_UNAVAILABLE; ServiceUnavailable
   */
  async pageOf(order: OrderToPay): Promise<OpenPage> {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const now = this.clock.now();
      const shortfall = payableOf(order, await this.checkouts.moneyFor(order), now);
      const current = await this.checkouts.current(order.orderId);
      const usable = current && (await this.usable(current, order, shortfall));
      const checkout = usable ?? newCheckout(order, shortfall, now, current);
      if (!usable && !(await this.checkouts.replace(checkout, current))) continue;
      const url = checkout.url ?? (await this.open(checkout));
      return { ...shortfall, amountMinor: checkout.amountMinor, url, expiresAt: checkout.expiresAt };
    }
    throw new ServiceUnavailable('payments', 'other requests replace the page of this order');
  }

  /** The current page, unless another one has to replace it; that one is closed then. */
  private async usable(current: Checkout, order: OrderToPay, shortfall: Shortfall): Promise<Checkout | undefined> {
    const now = this.clock.now();
    if (current.sessionId === null) {
      return asksFor(current, shortfall) && isRepeatable(current, now) ? current : undefined;
    }
    const session = await this.stripe.find(current.sessionId);
    if (session.state === 'paying') {
      // A registered payment of this page has been counted: what the order lacks is after it.
      if (await this.checkouts.isRegistered(session.paymentReference)) return undefined;
      throw paymentOnItsWay(order, shortfall.lacksMinor);
    }
    if (session.state === 'over') return undefined;
    if (asksFor(current, shortfall)) return current;
    if (await this.stripe.close(current.sessionId)) return undefined;
    throw paymentOnItsWay(order, shortfall.lacksMinor);
  }

  private async open(checkout: Checkout): Promise<string> {
    const { sessionId, url } = await this.stripe.open(checkout);
    await this.checkouts.opened(checkout, sessionId, url);
    return url;
  }
}
