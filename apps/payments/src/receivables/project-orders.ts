import type { Tx } from '#persistence/transaction.js';
import { movementSet } from '../ledger/movement-set.js';
import type { PaymentMatch } from '../suspense/domain/decide-allocation.js';
import { matchOf, type PaymentMatchRow } from '../suspense/payment-match-row.js';
import type { OrderEvent } from './order-events.js';

/**
 * Adds receivables in `firstState` for those of these orders that have none, and projects their persons. Answers
 * the payments in suspense that named them. The caller holds the ledger's lock, and allocates the payments.
 */
export async function projectOrders(
  tx: Tx,
  orders: readonly OrderEvent[],
  firstState: 'open' | 'withdrawn',
  at: Temporal.Instant,
): Promise<PaymentMatch[]> {
  const rows = await tx.query<PaymentMatchRow>(
    `select m.payment_id, m.person_id, (m.cause).*
     from unnest(project_orders($1, $2, $3)) m`,
    [movementSet('order_event', orders), firstState, at],
  );
  return rows.map(matchOf);
}
