import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { Envelope } from '#messaging/envelope.js';
import type { NewEvent } from '#messaging/publishing/outbox.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import {
  type ClosedOrder,
  completeOrder,
  completesItself,
  type Funding,
  fundOrder,
  type Order,
} from '../domain/order.js';
import { isLate, type NamingPayment } from '../late-payments/domain/late-payment.js';
import { type Changed, confirmedEvent, releasedEvent } from '../order-events.js';
import { OrdersStore } from '../orders.store.js';
import { StoreFundings } from './store-fundings.js';

/** A message that carries the fundings of orders, and the payment that led to them if it names an order. */
export interface FundingMessage extends Pick<Envelope, 'id' | 'correlationId' | 'traceparent'> {
  readonly fundings: readonly Funding[];
  readonly payment?: NamingPayment | undefined;
}

/**
 * Confirms orders whose money payments has reserved and, unless their class requires approval, closes them in the same
 * transaction. For an order that has ended it publishes `order-released`, so that payments voids the reservation.
 * Every reservation has an outcome: confirmed, already confirmed by the same reservation, or released.
 * A payment that names an order which has ended is recorded as late.
 */
@Injectable()
export class ConfirmOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly orders: OrdersStore,
    private readonly storeFundings: StoreFundings,
    private readonly clock: Clock,
  ) {}

  /** Whether late payments were recorded, which have to be decided. */
  execute(batch: readonly FundingMessage[]): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'confirm-orders', batch);
      return this.confirm(tx, fresh);
    });
  }

  private async confirm(tx: Tx, messages: readonly FundingMessage[]): Promise<boolean> {
    const fundings = messages.flatMap((cause) => cause.fundings.map((funding) => ({ funding, cause })));
    const payments = messages.flatMap(({ payment }) => payment ?? []);
    if (fundings.length + payments.length === 0) return false;
    const orders = await this.orders.lock(tx, [
      ...fundings.map(({ funding }) => funding.orderId),
      ...payments.map(({ orderId }) => orderId),
    ]);
    const now = this.clock.now();
    const late = payments.filter((payment) => isLate(orders.get(payment.orderId), payment));
    const moved: Order[] = [];
    const closed: Changed<ClosedOrder>[] = [];
    const events: NewEvent[] = [];
    for (const { funding, cause } of fundings) {
      const order = orders.get(funding.orderId);
      // Payments has the order id from an event of this service. An unknown id is a bug, and the message is parked.
      assert(order, `the funded order ${funding.orderId} exists`);
      const funded = fundOrder(order, funding, now);
      if (funded.outcome === 'released') events.push(releasedEvent({ order: funded.order, cause }, now));
      if (funded.outcome !== 'confirmed') continue;
      const after = completesItself(funded.order) ? completeOrder(funded.order, now) : funded.order;
      orders.set(after.id, after);
      moved.push(after);
      if (after.state === 'closed') closed.push({ order: after, cause });
      else events.push(confirmedEvent({ order: after, cause }));
    }
    const recorded = late.map((payment) => ({ ...payment, id: newId(), recordedAt: now }));
    await this.storeFundings.apply(tx, { moved, closed, events, late: recorded });
    return recorded.length > 0;
  }
}
