import { Injectable } from '@nestjs/common';
import type { orderCancelled, orderExpired, orderReleased } from '#contracts/subscriptions/orders.js';
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

type Withdrawal =
  | EnvelopeOf<typeof orderCancelled>
  | EnvelopeOf<typeof orderExpired>
  | EnvelopeOf<typeof orderReleased>;

/** Voids the reservations of orders that will not close, and funds the other orders of their persons. */
@Injectable()
export class WithdrawReceivables {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly Withdrawal[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'withdraw-receivables', batch);
      if (fresh.length === 0) return;
      await withdrawReceivables(
        tx,
        fresh.map((envelope) => orderEventOf(envelope, reasonOf(envelope))),
        this.clock.now(),
      );
    });
  }
}

function reasonOf({ data }: Withdrawal): string {
  return 'reason' in data ? data.reason : `was ${data.state} when its money came`;
}

/**
 * Withdraws the receivables of these orders; a repeat changes nothing. Takes the ledger's lock until the
 * transaction ends.
 * @throws BrokenInvariant for an order that is settled: a closed order stays closed.
 */
export async function withdrawReceivables(tx: Tx, orders: readonly OrderEvent[], at: Temporal.Instant): Promise<void> {
  let ends = await withdraw(tx, orders, at);
  if (ends.length < orders.length) {
    await lockLedger(tx);
    // An end that comes first leaves its receivable withdrawn, so that the opening reserves nothing later.
    const matches = await projectOrders(tx, orders, 'withdrawn', at);
    await fundByPayments(tx, await allocatePayments(tx, matches, at), at);
    ends = await withdraw(tx, orders, at);
  }
  for (const { orderId, state } of ends) {
    assert(state === 'withdrawn', `order ${orderId} is ${state}: its money cannot be released by an end of the order`);
  }
}

/** No answer when one of the orders is unknown; nothing has changed then. */
async function withdraw(tx: Tx, orders: readonly OrderEvent[], at: Temporal.Instant) {
  const rows = await tx.query<{ order_id: string; state: string }>(
    'select order_id, state from withdraw_receivables($1, $2)',
    [movementSet('order_event', orders), at],
  );
  return rows.map(({ order_id: orderId, state }) => ({ orderId, state }));
}
