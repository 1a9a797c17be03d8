import { Injectable } from '@nestjs/common';
import type { orderClosed } from '#contracts/subscriptions/orders.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { movementSet } from '../ledger/movement-set.js';
import { allocatePayments } from '../suspense/allocate-payments.js';
import { fundByPayments } from './funding/fund-by-payments.js';
import { type OrderEvent, orderEventOf } from './order-events.js';
import { projectOrders } from './project-orders.js';

/** Posts the money that was reserved for orders that closed, to their classes. */
@Injectable()
export class SettleReceivables {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof orderClosed>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'settle-receivables', batch);
      if (fresh.length === 0) return;
      await settleReceivables(
        tx,
        fresh.map((envelope) => orderEventOf(envelope)),
        this.clock.now(),
      );
    });
  }
}

/**
 * Posts the reservations of these orders; a repeat changes nothing. Takes the ledger's lock until the transaction
 * ends.
 * @throws BrokenInvariant for an order that closed without a reservation, or after its end. An order is confirmed by
 * its reservation only, so this is a bug.
 */
export async function settleReceivables(tx: Tx, orders: readonly OrderEvent[], at: Temporal.Instant): Promise<void> {
  let ends = await settle(tx, orders, at);
  if (ends.length < orders.length) {
    await lockLedger(tx);
    const matches = await projectOrders(tx, orders, 'open', at);
    ends = await settle(tx, orders, at);
    await fundByPayments(tx, await allocatePayments(tx, matches, at), at);
  }
  for (const { orderId, state } of ends) {
    assert(state === 'settled', `order ${orderId} closed, but its receivable is ${state}: no money is reserved for it`);
  }
}

/** No answer when one of the orders is unknown; nothing has changed then. */
async function settle(tx: Tx, orders: readonly OrderEvent[], at: Temporal.Instant) {
  const rows = await tx.query<{ order_id: string; state: string }>(
    'select order_id, state from settle_receivables($1, $2)',
    [movementSet('order_event', orders), at],
  );
  return rows.map(({ order_id: orderId, state }) => ({ orderId, state }));
}
