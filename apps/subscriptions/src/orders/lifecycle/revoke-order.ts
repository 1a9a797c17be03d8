import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { Envelope } from '#messaging/envelope.js';
import { Outbox } from '#messaging/publishing/outbox.js';
import { Transactions } from '#persistence/transaction.js';
import { revokeOrder } from '../domain/order.js';
import { OrdersStore } from '../orders.store.js';
import { type Ended, EndOrders } from '../steps/end-orders.js';

/** A message that says whose money is gone from which orders, and why. */
export interface Revoked extends Pick<Envelope, 'id' | 'correlationId' | 'traceparent'> {
  readonly orderIds: readonly string[];
  /** For people to read. */
  readonly reason: string;
}

/**
 * The money that was reserved for orders went back to the payer: those that nobody is in a class for yet are cancelled,
 * and payments, which hears of it, has their reservations back. An order that is closed stays closed; what becomes of
 * it is for people to decide. Against an approval at the same moment, whichever commits first decides.
 */
@Injectable()
export class RevokeOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly orders: OrdersStore,
    private readonly endOrder: EndOrders,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Revoked[]): Promise<void> {
    return this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'revoke-orders', batch);
      const wanted = fresh.flatMap((message) => message.orderIds.map((orderId) => ({ orderId, message })));
      if (wanted.length === 0) return;
      const orders = await this.orders.lock(
        tx,
        wanted.map(({ orderId }) => orderId),
      );
      const now = this.clock.now();
      const ended: Ended[] = [];
      for (const { orderId, message } of wanted) {
        const order = orders.get(orderId);
        assert(order, `the order ${orderId}, whose money is gone, exists`);
        const revoked = revokeOrder(order, message.reason, now);
        if (!revoked) continue;
        orders.set(orderId, revoked);
        ended.push({ order: revoked, cause: message });
      }
      await this.outbox.add(tx, await this.endOrder.execute(tx, ended));
    });
  }
}
