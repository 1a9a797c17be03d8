import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import type { NewEvent } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { renew } from '../../subscriptions/domain/subscription.js';
import { SubscriptionsStore } from '../../subscriptions/subscriptions.store.js';
import { type ClosedOrder, isOverdue } from '../domain/order.js';
import type { Changed } from '../order-events.js';
import { OrdersStore } from '../orders.store.js';
import { renewedEvents } from '../subscription-events.js';

/** Renews the subscriptions whose later periods are paid, in three statements; a suspended one is active again. */
@Injectable()
export class RenewSubscriptions {
  constructor(
    private readonly orders: OrdersStore,
    private readonly subscriptions: SubscriptionsStore,
    private readonly clock: Clock,
  ) {}

  /** @returns the events to publish */
  async apply(tx: Tx, closed: readonly Changed<ClosedOrder>[]): Promise<NewEvent[]> {
    if (closed.length === 0) return [];
    const ids = new Set(closed.map(({ order }) => order.subscriptionId));
    const subscriptions = await this.subscriptions.lock(tx, ids);
    // Under the locks: of two transactions that close two periods, the second one sees the order of the first closed.
    const open = await this.orders.renewals(tx, ids);
    const now = this.clock.now();
    const events: NewEvent[] = [];
    for (const { order, cause } of [...closed].sort((one, other) => one.order.period - other.order.period)) {
      const before = subscriptions.get(order.subscriptionId);
      assert(before, `the subscription of order ${order.id} exists`);
      const others = open.filter(({ subscriptionId }) => subscriptionId === before.id);
      const unpaid = { isOpen: others.length > 0, isOverdue: others.some((other) => isOverdue(other, now)) };
      const after = renew(before, order, unpaid);
      subscriptions.set(after.id, after);
      events.push(...renewedEvents({ before, after, order, now, cause }));
    }
    await this.subscriptions.save(tx, [...subscriptions.values()]);
    return events;
  }
}
