import { Injectable } from '@nestjs/common';
import type { DataOf } from '#contracts/contract.js';
import type { orderSettled } from '#contracts/payments/payments.js';
import { assert } from '#kernel/assert.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { Envelope } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { type ClosedOrder, settleOrder } from '../domain/order.js';
import { OrdersStore } from '../orders.store.js';

/** Stores when the money of closed orders reached the account of their class. */
@Injectable()
export class SettleOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly orders: OrdersStore,
  ) {}

  execute(batch: readonly Envelope<DataOf<typeof orderSettled>>[]): Promise<void> {
    return this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'settle-orders', batch);
      if (fresh.length === 0) return;
      const orders = await this.orders.lock(
        tx,
        fresh.map(({ data }) => data.order_id),
      );
      const settled: ClosedOrder[] = [];
      for (const { data } of fresh) {
        const order = orders.get(data.order_id);
        assert(order, `the settled order ${data.order_id} exists`);
        const after = settleOrder(order, Temporal.Instant.from(data.settled_at));
        if (!after) continue;
        orders.set(after.id, after);
        settled.push(after);
      }
      await this.orders.save(tx, settled);
    });
  }
}
