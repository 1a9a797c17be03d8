import { sql } from 'kysely';
import { newId } from '#kernel/ids.js';
import { anyOf } from '#persistence/entities/any-of.js';
import type { Tx } from '#persistence/transaction.js';
import { movementRecords } from '../ledger/movement-records.js';
import { postTransfers } from '../ledger/post-transfers.js';
import { PaymentEntity } from '../payment-rows/payment.entity.js';
import { type AllocatedPayment, decideAllocation, type PaymentMatch } from './domain/decide-allocation.js';

/**
 * Moves payments from suspense to the persons whose they are: suspense → person, posted. Payments that were dismissed
 * move from the account of foreign money. Payments that left
 * suspense before stay where they are. Answers what the persons can spend by it: the caller, who holds the ledger's
 * lock, funds receivables with that.
 */
export async function allocatePayments(
  tx: Tx,
  matches: readonly PaymentMatch[],
  at: Temporal.Instant,
): Promise<readonly AllocatedPayment[]> {
  if (matches.length === 0) return [];
  const unmatched = await tx
    .kysely(PaymentEntity)
    .selectFrom('payment')
    .select(['id', 'amountMinor', 'currency', 'refundedMinor', 'extrasMinor'])
    .select(sql<string | null>`id_or_null(order_named)`.as('orderId'))
    .select(sql<boolean>`dismissed_at is not null`.as('isDismissed'))
    .where('id', '=', anyOf(matches.map(({ paymentId }) => paymentId)))
    .where('personId', 'is', null)
    .orderBy('id')
    .execute();
  const allocation = decideAllocation(matches, unmatched, newId);
  await keepOwners(tx, allocation.matches, at);
  await postTransfers(tx, allocation.postings, at);
  return allocation.allocated;
}

async function keepOwners(tx: Tx, matches: readonly PaymentMatch[], at: Temporal.Instant): Promise<void> {
  if (matches.length === 0) return;
  await tx.query(
    `update payment p set matched_at = $2, person_id = m.person_id, assigned_by = m.assigned_by,
       assigned_order_id = m.assigned_order_id
     from json_to_recordset($1) m (payment_id uuid, person_id uuid, assigned_by text, assigned_order_id uuid)
     where p.id = any (array(select payment_id from json_to_recordset($1) k (payment_id uuid))) and p.id = m.payment_id`,
    [movementRecords(matches), at],
  );
}
