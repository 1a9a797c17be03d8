import { sql } from 'kysely';
import { anyOf } from '#persistence/entities/any-of.js';
import type { Tx } from '#persistence/transaction.js';
import { movementRecords } from '../ledger/movement-records.js';
import { PaymentEntity } from '../payment-rows/payment.entity.js';
import { ReceivableEntity } from '../receivables/receivable.entity.js';
import type { Payout } from './domain/decide-payouts.js';
import type { ShortReceivable } from './domain/decide-write-offs.js';
import type { CorrectablePayment, PaymentCorrection } from './domain/payment-correction.js';

/** By id, those of these payments that exist, for a decision under the ledger's lock. */
export async function correctablePayments(
  tx: Tx,
  paymentIds: readonly string[],
): Promise<Map<string, CorrectablePayment>> {
  const rows = await tx
    .kysely(PaymentEntity)
    .selectFrom('payment')
    .select([
      'id',
      'provider',
      'reference',
      'amountMinor',
      'currency',
      'refundedMinor',
      'excessMinor',
      'extrasMinor',
      'personId',
    ])
    .select(sql<string | null>`coalesce(assigned_order_id, id_or_null(order_named))`.as('orderId'))
    .select(sql<boolean>`dismissed_at is not null`.as('isDismissed'))
    .where('id', '=', anyOf(paymentIds))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Something that an admin did, with its author as `formatAuthor` writes it. */
type Authored<One> = One & { readonly author: string };

/** Adds corrections, and changes their payments to what is right. */
export async function keepCorrections(
  tx: Tx,
  corrections: readonly Authored<PaymentCorrection>[],
  at: Temporal.Instant,
): Promise<void> {
  const rows = corrections.map(({ before, after, ...correction }) => ({
    ...correction,
    paymentId: before.id,
    amountBeforeMinor: before.amountMinor,
    amountAfterMinor: after.amountMinor,
    personBefore: before.personId,
    personAfter: after.personId,
    orderId: correction.kind === 'reassign' ? after.orderId : null,
  }));
  await tx.query(
    `insert into payment_correction
       (id, kind, payment_id, amount_before_minor, amount_after_minor, person_before, person_after, moved_minor,
        owed_minor, reason, author, recorded_at)
     select c.id, c.kind, c.payment_id, c.amount_before_minor, c.amount_after_minor, c.person_before, c.person_after,
       c.moved_minor, c.owed_minor, c.reason, c.author, $2
     from json_to_recordset($1) c (
       position bigint, id uuid, kind text, payment_id uuid, amount_before_minor bigint, amount_after_minor bigint,
       person_before uuid, person_after uuid, moved_minor bigint, owed_minor bigint, reason text, author text)
     order by c.position`,
    [movementRecords(rows), at],
  );
  // Of several corrections of a payment, the last one says how it stands.
  const last = [...new Map(rows.map((row) => [row.paymentId, row])).values()];
  await tx.query(
    `update payment p set amount_minor = c.amount_after_minor, person_id = c.person_after,
       assigned_by = case c.kind when 'reassign' then c.author else p.assigned_by end,
       assigned_order_id = case c.kind when 'reassign' then c.order_id else p.assigned_order_id end
     from json_to_recordset($1) c (
       payment_id uuid, kind text, amount_after_minor bigint, person_after uuid, order_id uuid, author text)
     where p.id = any (array(select payment_id from json_to_recordset($1) k (payment_id uuid))) and p.id = c.payment_id`,
    [movementRecords(last)],
  );
}

/** What these orders cost, for a decision under the ledger's lock. */
export function receivablesOf(tx: Tx, orderIds: readonly string[]): Promise<Omit<ShortReceivable, 'availableMinor'>[]> {
  return tx
    .kysely(ReceivableEntity)
    .selectFrom('receivable')
    .select(['orderId', 'personId', 'amountMinor', 'currency', 'state'])
    .where('orderId', '=', anyOf(orderIds))
    .execute();
}

/** Adds write-offs. Their orders tolerate them: the next funding reserves them and posts the difference. */
export async function keepWriteOffs(
  tx: Tx,
  writeOffs: readonly Authored<{ readonly orderId: string; readonly amountMinor: number; readonly reason: string }>[],
  at: Temporal.Instant,
): Promise<void> {
  const records = movementRecords(writeOffs);
  await tx.query(
    `insert into order_write_off (order_id, amount_minor, reason, author, recorded_at)
     select order_id, amount_minor, reason, author, $2
     from json_to_recordset($1) w (order_id uuid, amount_minor bigint, reason text, author text)`,
    [records, at],
  );
  await tx.query(
    `update receivable r set tolerance_minor = w.amount_minor
     from json_to_recordset($1) w (order_id uuid, amount_minor bigint)
     where r.order_id = any (array(select order_id from json_to_recordset($1) k (order_id uuid)))
       and r.order_id = w.order_id`,
    [records],
  );
}

/** Adds payouts. */
export async function addPayouts(tx: Tx, payouts: readonly Authored<Payout>[], at: Temporal.Instant): Promise<void> {
  await tx.query(
    `insert into payout (id, person_id, amount_minor, currency, method, reason, author, recorded_at)
     select id, person_id, amount_minor, currency, method, reason, author, $2
     from json_to_recordset($1) p (
       id uuid, person_id uuid, amount_minor bigint, currency text, method text, reason text, author text)`,
    [movementRecords(payouts), at],
  );
}
