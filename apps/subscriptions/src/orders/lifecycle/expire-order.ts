import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Outbox } from '#messaging/publishing/outbox.js';
import { Transactions } from '#persistence/transaction.js';
import { expireOrder } from '../domain/order.js';
import { OrdersStore } from '../orders.store.js';
import { type Ended, EndOrders } from '../steps/end-orders.js';

/**
 * Expires those of the given orders that are still opened and whose time is over, and says of each whether it did.
 * Whoever asks only suspects; the order and the clock decide here, under the order's lock.
 */
@Injectable()
export class ExpireOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly orders: OrdersStore,
    private readonly endOrder: EndOrders,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  execute(ids: readonly string[]): Promise<boolean[]> {
    return this.transactions.run(async (tx) => {
      const orders = await this.orders.lock(tx, ids);
      const now = this.clock.now();
      const ended = [...orders.values()].flatMap((order): Ended[] => {
        const expired = expireOrder(order, now);
        return expired ? [{ order: expired }] : [];
      });
      await this.outbox.add(tx, await this.endOrder.execute(tx, ended));
      const expired = new Set(ended.map(({ order }) => order.id));
      return ids.map((id) => expired.has(id));
    });
  }
}
