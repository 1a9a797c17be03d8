import { Injectable } from '@nestjs/common';
import { orderReleased } from '#contracts/orders.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { Envelope } from '#messaging/envelope.js';
import { type NewEvent, newEvent, Outbox } from '#messaging/publishing/outbox.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import {
  type CancelledOrder,
  type ClosedOrder,
  completeOrder,
  completesItself,
  type ExpiredOrder,
  type Funding,
  fundOrder,
  type Order,
} from '../domain/order.js';
import { orderData } from '../order-view.js';
import { OrdersStore } from '../orders.store.js';
import { CompleteOrders } from '../steps/complete-orders.js';
import { orderConfirmedEvent } from '../steps/publish-confirmed.js';

/** A message that says which orders have their money. */
export interface Funded extends Pick<Envelope, 'id' | 'correlationId' | 'traceparent'> {
  readonly fundings: readonly Funding[];
}

/**
 * Money has been reserved for orders: each is confirmed and, unless its class wants approval, completed in the same
 * transaction. A reservation for an order that has ended is given back. A reservation is always answered.
 */
@Injectable()
export class ConfirmOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly orders: OrdersStore,
    private readonly completeOrder: CompleteOrders,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Funded[]): Promise<void> {
    return this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'confirm-orders', batch);
      const fundings = fresh.flatMap((message) => message.fundings.map((funding) => ({ funding, cause: message })));
      if (fundings.length > 0) await this.confirm(tx, fundings);
    });
  }

  private async confirm(tx: Tx, fundings: readonly { funding: Funding; cause: Funded }[]): Promise<void> {
    const orders = await this.orders.lock(
      tx,
      fundings.map(({ funding }) => funding.orderId),
    );
    const now = this.clock.now();
    const moved: Order[] = [];
    const closed: { order: ClosedOrder; cause: Funded }[] = [];
    const told: NewEvent[] = [];
    for (const { funding, cause } of fundings) {
      const order = orders.get(funding.orderId);
      // It was payments that heard of the order from us; a reservation for another is for people to look at.
      assert(order, `the funded order ${funding.orderId} exists`);
      const funded = fundOrder(order, funding, now);
      if (funded.outcome === 'released') told.push(release(funded.order, cause, now));
      if (funded.outcome !== 'confirmed') continue;
      const after = completesItself(funded.order) ? completeOrder(funded.order, now) : funded.order;
      orders.set(after.id, after);
      moved.push(after);
      if (after.state === 'closed') closed.push({ order: after, cause });
      else told.push(orderConfirmedEvent(after, cause));
    }
    await this.orders.save(tx, moved);
    const closings = await this.completeOrder.execute(tx, closed);
    await this.outbox.add(tx, [...closings, ...told]);
  }
}

function release(order: CancelledOrder | ExpiredOrder, cause: Funded, now: Temporal.Instant): NewEvent {
  const data = { ...orderData(order), state: order.state, released_at: now.toString() };
  return newEvent(orderReleased, { subject: order.id, data, cause });
}
