import { Injectable } from '@nestjs/common';
import type { orderOpened } from '#contracts/orders.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import type { Sql } from '#persistence/transaction.js';
import { Transactions } from '#persistence/transaction.js';
import { setPlans } from '../ledger/ledger.sql.js';
import { orderEventOf } from './order-events.js';
import { type OrderEvent, withOrders } from './project-orders.js';

/** Orders were opened: what they cost is owed, and reserved at once where the money is there. */
@Injectable()
export class OpenReceivables {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof orderOpened>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'open-receivables', batch);
      if (fresh.length === 0) return;
      await openReceivables(
        tx,
        fresh.map((envelope) => orderEventOf(envelope)),
        this.clock.now(),
      );
    });
  }
}

/**
 * Open: an order waits for its money. What the person has already, and what waited for this order in suspense, is
 * reserved for it at once and told as credit-applied. An order whose end was heard of first stays ended.
 */
export const openReceivablesFunctions = [
  `create or replace function open_receivables(orders order_event[], at timestamptz) returns void
   language plpgsql ${setPlans} as $$
   declare
     matched funding[];
   begin
     perform ledger_lock();
     matched := learn_orders(orders, 'open', at);
     perform tell_credit_applied(fund_receivables(matched || array(
       select row(o.person_id, o.currency, null, null, o.cause)::funding from unnest(orders) o
     ), at), at);
   end $$`,
];

/**
 * Of each order what it costs, in minor units of its currency; told twice it changes nothing. Takes the ledger's lock
 * until the transaction ends.
 */
export async function openReceivables(tx: Sql, orders: readonly OrderEvent[], at: Temporal.Instant): Promise<void> {
  await withOrders(tx, 'open_receivables', orders, at);
}
