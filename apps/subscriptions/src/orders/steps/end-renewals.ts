import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import { lastDay } from '../../subscriptions/domain/schedule.js';
import { endSubscription, type Subscription, stopRenewing } from '../../subscriptions/domain/subscription.js';
import { SubscriptionsStore } from '../../subscriptions/subscriptions.store.js';
import { type CancelledOrder, cancelRenewal, type ExpiredOrder } from '../domain/order.js';
import type { Changed } from '../order-events.js';
import { OrdersStore } from '../orders.store.js';
import type { Ends } from './store-ends.js';

/**
 * Decides what the end of an order of a later period means for its subscription. An unpaid one ends it. One whose money
 * went back to its payer is the last one: the person stays for the days that are paid, but not in an instalment plan,
 * whose later parts pay for the days of the first one. Other open orders of the subscription are cancelled.
 */
@Injectable()
export class EndRenewals {
  constructor(
    private readonly orders: OrdersStore,
    private readonly subscriptions: SubscriptionsStore,
    private readonly classes: ClassesStore,
    private readonly clock: Clock,
  ) {}

  /** @param ended orders that are locked. Locks their siblings and their subscriptions */
  async apply(tx: Tx, ended: readonly Changed<CancelledOrder | ExpiredOrder>[]): Promise<Ends> {
    if (ended.length === 0) return { orders: [], subscriptions: [] };
    const endedIds = new Set(ended.map(({ order }) => order.id));
    const ids = new Set(ended.map(({ order }) => order.subscriptionId));
    const open = await this.orders.lockRenewals(tx, ids);
    const subscriptions = await this.subscriptions.lock(tx, ids);
    const classes = await this.classes.read(
      tx,
      ended.map(({ order }) => order.classId),
    );
    const now = this.clock.now();
    const changed = new Map<string, Changed<CancelledOrder | ExpiredOrder> & { readonly subscription: Subscription }>();
    for (const { order, cause } of ended) {
      const subscription = changed.get(order.subscriptionId)?.subscription ?? subscriptions.get(order.subscriptionId);
      const published = classes.get(order.classId);
      assert(subscription && published, `the subscription and the class of order ${order.id} exist`);
      if (subscription.state === 'ended') continue;
      const after = afterEnd(subscription, order, lastDay(subscription.paidThrough, published).nextAt, now);
      changed.set(after.id, { subscription: after, order, cause });
    }
    const cancelled = open.flatMap((order) => {
      const end = changed.get(order.subscriptionId);
      if (!end || endedIds.has(order.id)) return [];
      return [{ order: cancelRenewal(order, 'The subscription is not renewed.', now), cause: end.cause }];
    });
    return { orders: cancelled, subscriptions: [...changed.values()] };
  }
}

function afterEnd(
  subscription: Subscription,
  order: CancelledOrder | ExpiredOrder,
  lastDayOver: Temporal.Instant | null,
  now: Temporal.Instant,
): Subscription {
  if (order.state === 'expired') return endSubscription(subscription, 'unpaid', now);
  if (!order.enrols) return endSubscription(subscription, 'revoked', now);
  return stopRenewing(subscription, 'revoked', lastDayOver);
}
