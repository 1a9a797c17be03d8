import type { Sql } from '#persistence/transaction.js';
import { setPlans } from '../ledger.sql.js';
import { type OrderEvent, withOrders } from './learn-orders.js';

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
