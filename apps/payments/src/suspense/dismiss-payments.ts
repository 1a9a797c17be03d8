import { newId } from '#kernel/ids.js';
import { anyOf } from '#persistence/entities/any-of.js';
import type { Tx } from '#persistence/transaction.js';
import { foreignMoneyAccount, suspenseAccount } from '../ledger/domain/posting.js';
import { movementRecords } from '../ledger/movement-records.js';
import { postTransfers } from '../ledger/post-transfers.js';
import { PaymentEntity } from '../payment-rows/payment.entity.js';

/** That a payment in suspense is not ours, as an admin says. */
export interface PaymentDismissal {
  readonly paymentId: string;
  readonly dismissedBy: string;
  readonly note: string;
}

/**
 * Moves what is left of payments from suspense to the account of foreign money: suspense → foreign money, posted.
 * Their extras stay where they are.
 * Payments that left suspense before stay where they are, and a first dismissal stays. The caller holds the ledger's
 * lock.
 */
export async function dismissPayments(
  tx: Tx,
  dismissals: readonly PaymentDismissal[],
  at: Temporal.Instant,
): Promise<void> {
  if (dismissals.length === 0) return;
  const firsts = new Map(dismissals.toReversed().map((dismissal) => [dismissal.paymentId, dismissal]));
  const inSuspense = await tx
    .kysely(PaymentEntity)
    .selectFrom('payment')
    .select(['id', 'amountMinor', 'extrasMinor', 'refundedMinor', 'currency'])
    .where('id', '=', anyOf([...firsts.keys()]))
    .where('personId', 'is', null)
    .where('dismissedAt', 'is', null)
    .orderBy('id')
    .execute();
  await tx.query(
    `update payment p set dismissed_at = $2, dismissed_by = d.dismissed_by, dismissal_note = d.note
     from json_to_recordset($1) d (payment_id uuid, dismissed_by text, note text)
     where p.id = any (array(select payment_id from json_to_recordset($1) k (payment_id uuid))) and p.id = d.payment_id`,
    [movementRecords(inSuspense.flatMap(({ id }) => firsts.get(id) ?? [])), at],
  );
  const moving = inSuspense
    .map(({ id, amountMinor, extrasMinor, refundedMinor, currency }) => {
      return { id, leftMinor: amountMinor - extrasMinor - refundedMinor, currency };
    })
    .filter(({ leftMinor }) => leftMinor > 0);
  await postTransfers(
    tx,
    moving.map(({ id, leftMinor, currency }) => ({
      id: newId(),
      sourceKey: `dismiss/${id}`,
      movement: 'dismiss-payment',
      debit: suspenseAccount(currency),
      credit: foreignMoneyAccount(currency),
      amountMinor: leftMinor,
      paymentId: id,
      correctionOf: id,
    })),
    at,
  );
}
