import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { type ExpiredOrder, expireOrder } from '../domain/order.js';
import type { Changed } from '../order-events.js';
import { OrdersStore } from '../orders.store.js';
import { EndOrders } from '../steps/end-orders.js';

/** Expires opened orders whose payment window is over. The order and the clock decide, under the order's lock. */
@Injectable()
export class ExpireOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly orders: OrdersStore,
    private readonly endOrders: EndOrders,
    private readonly clock: Clock,
  ) {}

  /** Whether each of the orders expired now, in the order of `ids`. */
  execute(ids: readonly string[]): Promise<boolean[]> {
    return this.transactions.run(async (tx) => {
      const orders = await this.orders.lock(tx, ids);
      const now = this.clock.now();
      const ended = [...orders.values()].flatMap((order): Changed<ExpiredOrder>[] => {
        const expired = expireOrder(order, now);
        return expired ? [{ order: expired }] : [];
      });
      await this.endOrders.apply(tx, ended);
      const expired = new Set(ended.map(({ order }) => order.id));
      return ids.map((id) => expired.has(id));
    });
  }
}
