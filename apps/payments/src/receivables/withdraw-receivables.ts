import { Injectable } from '@nestjs/common';
import type { orderCancelled, orderExpired, orderReleased } from '#contracts/orders.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import type { Sql } from '#persistence/transaction.js';
import { Transactions } from '#persistence/transaction.js';
import { setPlans } from '../ledger/ledger.sql.js';
import { orderEventOf } from './order-events.js';
import { type OrderEvent, withOrders } from './project-orders.js';

type Withdrawal =
  | EnvelopeOf<typeof orderCancelled>
  | EnvelopeOf<typeof orderExpired>
  | EnvelopeOf<typeof orderReleased>;

/** Orders will not close: nothing is owed for them, and what was reserved is the person's to spend again. */
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
 * Withdraw: the order was cancelled, expired, or let go of. Its reservation is voided, and what came free funds the
 * person's other receivables like any other money. An order that is heard of for the first time leaves its row behind,
 * so that its opening, when it arrives later, reserves nothing.
 */
export const withdrawReceivablesFunctions = [
  `create or replace function withdraw_receivables(orders order_event[], at timestamptz)
   returns table (order_id uuid, state text)
   language plpgsql ${setPlans} as $$
   declare
     matched funding[];
     freed order_event[];
   begin
     perform ledger_lock();
     matched := learn_orders(orders, 'withdrawn', at);
     freed := array(
       select distinct on (o.order_id) o from unnest(orders) o
       where (select r.state from receivable r where r.order_id = o.order_id) = 'reserved');
     perform ledger_resolve(array(select 'reserve/' || f.order_id from unnest(freed) f), 'voided', at);
     update receivable r set state = 'withdrawn', resolved_at = at, reason = (
         select o.reason from unnest(orders) o where o.order_id = r.order_id limit 1)
     where r.order_id = any (array(select o.order_id from unnest(orders) o)) and r.state in ('open', 'reserved');
     perform tell_credit_applied(fund_receivables(matched || array(
       select row(f.person_id, f.currency, null, null, f.cause)::funding from unnest(freed) f
     ), at), at);
     return query
     select o.order_id, (select r.state from receivable r where r.order_id = o.order_id) from unnest(orders) o;
   end $$`,
];

/** @throws BrokenInvariant for an order that is settled: it closed, and a closed order stays closed. */
export async function withdrawReceivables(tx: Sql, orders: readonly OrderEvent[], at: Temporal.Instant): Promise<void> {
  const ends = await withOrders<{ order_id: string; state: string }>(tx, 'withdraw_receivables', orders, at);
  for (const { order_id: orderId, state } of ends) {
    assert(
      state === 'withdrawn',
      `order ${orderId} is ${state}: its money cannot be given back by an end of the order`,
    );
  }
}
