import { Injectable } from '@nestjs/common';
import type { orderClosed } from '#contracts/orders.js';
import { orderSettled } from '#contracts/payments.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import type { Sql } from '#persistence/transaction.js';
import { Transactions } from '#persistence/transaction.js';
import { setPlans } from '../ledger/ledger.sql.js';
import { orderEventOf } from './order-events.js';
import { type OrderEvent, withOrders } from './project-orders.js';

/** Orders were closed: the classes get the money that was reserved for them. */
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
 * Settle: the order closed, so what was reserved for it is posted, person → class, and told as order-settled.
 * An order of nothing moves nothing.
 */
export const settleReceivablesFunctions = [
  `create or replace function settle_receivables(orders order_event[], at timestamptz)
   returns table (order_id uuid, state text)
   language plpgsql ${setPlans} as $$
   declare
     matched funding[];
     earned transfer[];
     ended uuid[];
     settled_at text := wire_time(at);
   begin
     perform ledger_lock();
     matched := learn_orders(orders, 'open', at);
     with closed as (
       update receivable r set state = 'settled', resolved_at = at
       where r.order_id = any (array(select o.order_id from unnest(orders) o))
         and (r.state = 'reserved' or r.state = 'open' and r.amount_minor = 0)
       returning r.order_id, r.amount_minor
     )
     select array(select c.order_id from closed c),
       ledger_resolve(array(select 'reserve/' || c.order_id from closed c where c.amount_minor > 0), 'posted', at)
     into ended, earned;
     perform tell_credit_applied(fund_receivables(matched, at), at);
     -- A transfer is posted once, so its message goes by its id.
     insert into outbox (message_id, type, subject, data, traceparent, correlation_id, causation_id)
     select t.id, '${orderSettled.type}', o.order_id::text, row_to_json((select data from (select
         o.order_id, o.person_id, o.class_id, t.amount_minor, t.currency, t.id as transfer_id, settled_at) data)),
       (o.cause).traceparent, (o.cause).correlation_id, (o.cause).causation_id
     from unnest(earned) t
     join (select distinct on (e.order_id) e.* from unnest(orders) e) o on o.order_id = t.order_id
     order by o.order_id;
     if cardinality(ended) = cardinality(orders) then
       return query select e.order_id, 'settled' from unnest(ended) e (order_id);
     else
       return query
       select o.order_id, (select r.state from receivable r where r.order_id = o.order_id) from unnest(orders) o;
     end if;
   end $$`,
];

/**
 * @throws BrokenInvariant for an order that closed although no money is reserved for it, or that ended before: neither
 * can be, since an order is confirmed by its reservation only.
 */
export async function settleReceivables(tx: Sql, orders: readonly OrderEvent[], at: Temporal.Instant): Promise<void> {
  const ends = await withOrders<{ order_id: string; state: string }>(tx, 'settle_receivables', orders, at);
  for (const { order_id: orderId, state } of ends) {
    assert(state === 'settled', `order ${orderId} closed, but its receivable is ${state}: no money is reserved for it`);
  }
}
