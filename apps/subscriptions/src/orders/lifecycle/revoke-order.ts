import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { Envelope } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { type CancelledOrder, revokeOrder } from '../domain/order.js';
import type { Changed } from '../order-events.js';
import { OrdersStore } from '../orders.store.js';
import { EndOrders } from '../steps/end-orders.js';

/** A message about orders whose reserved money went back to the payer. */
export interface Revocation extends Pick<Envelope, 'id' | 'correlationId' | 'traceparent'> {
  readonly orderIds: readonly string[];
  /** For people to read. */
  readonly reason: string;
}

/**
 * Cancels orders whose money was refunded or disputed, so that payments voids their reservations. A closed order stays
 * closed: people decide about the enrolment. When an approval arrives at the same moment, the transaction that locks
 * the order first decides.
 */
@Injectable()
export class RevokeOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly orders: OrdersStore,
    private readonly endOrders: EndOrders,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Revocation[]): Promise<void> {
    return this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'revoke-orders', batch);
      const revocations = fresh.flatMap((message) => message.orderIds.map((orderId) => ({ orderId, message })));
      if (revocations.length === 0) return;
      const orders = await this.orders.lock(
        tx,
        revocations.map(({ orderId }) => orderId),
      );
      const now = this.clock.now();
      const ended: Changed<CancelledOrder>[] = [];
      for (const { orderId, message } of revocations) {
        const order = orders.get(orderId);
        assert(order, `the order ${orderId} of the refund or dispute exists`);
        const revoked = revokeOrder(order, message.reason, now);
        if (!revoked) continue;
        orders.set(orderId, revoked);
        ended.push({ order: revoked, cause: message });
      }
      await this.endOrders.apply(tx, ended);
    });
  }
}
