import { newId } from '#kernel/ids.js';
import type { Tx } from '#persistence/transaction.js';
import { movementRecords } from '../ledger/movement-records.js';
import { postTransfers } from '../ledger/post-transfers.js';
import {
  type AllocatedPayment,
  decideAllocation,
  type PaymentMatch,
  type UnmatchedPayment,
} from './domain/decide-allocation.js';

/**
 * Moves payments from suspense to the persons whose they are: suspense → person, posted. Payments that left
 * suspense before stay where they are. Answers what the persons can spend by it: the caller, who holds the ledger's
 * lock, funds receivables with that.
 */
export async function allocatePayments(
  tx: Tx,
  matches: readonly PaymentMatch[],
  at: Temporal.Instant,
): Promise<readonly AllocatedPayment[]> {
  if (matches.length === 0) return [];
  const unmatched = await tx.query<UnmatchedPayment>(
    `select p.id, p.amount_minor as "amountMinor", p.currency, p.refunded_minor as "refundedMinor",
       id_or_null(p.order_named) as "orderId"
     from payment p where p.id = any ($1::uuid[]) and p.person_id is null order by p.id`,
    [matches.map(({ paymentId }) => paymentId)],
  );
  const allocation = decideAllocation(matches, unmatched, newId);
  await keepOwners(tx, allocation.matches, at);
  await postTransfers(tx, allocation.postings, at);
  return allocation.allocated;
}

async function keepOwners(tx: Tx, matches: readonly PaymentMatch[], at: Temporal.Instant): Promise<void> {
  if (matches.length === 0) return;
  await tx.query(
    `update payment p set matched_at = $2, person_id = m.person_id, assigned_by = m.assigned_by
     from json_to_recordset($1) m (payment_id uuid, person_id uuid, assigned_by text)
     where p.id = any (array(select payment_id from json_to_recordset($1) k (payment_id uuid))) and p.id = m.payment_id`,
    [movementRecords(matches), at],
  );
}
