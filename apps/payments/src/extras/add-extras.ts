import { sql } from 'kysely';
import { newId } from '#kernel/ids.js';
import type { Tx } from '#persistence/transaction.js';
import { movementRecords } from '../ledger/movement-records.js';
import { postTransfers } from '../ledger/post-transfers.js';
import { readPersonBalances } from '../ledger/read-balances.js';
import { PaymentEntity } from '../payment-rows/payment.entity.js';
import { paymentsOf } from '../payment-rows/payments-of.js';
import type { Extras } from './domain/extras.js';
import { decideLateExtras, type ExtrasNotice, type LateExtra, type PaymentWithExtras } from './domain/late-extras.js';

/** The extras of a payment that stand in the table, in a typed query of payments. */
export const extrasOfPayment = sql<Extras>`coalesce((
  select json_object_agg(x.kind, x.amount_minor) from payment_extra x where x.payment_id = payment.id), '{}')`;

/**
 * Adds the extras that registered payments lack and these notices name: person → tax, shipping or tip, or suspense →,
 * posted. What the person cannot spend becomes their debt. The caller holds the ledger's lock.
 */
export async function addExtras(tx: Tx, notices: readonly ExtrasNotice[], at: Temporal.Instant): Promise<void> {
  const naming = notices.filter(({ extras }) => Object.keys(extras).length > 0);
  if (naming.length === 0) return;
  const payments = await registeredPayments(tx, naming);
  const { added, postings } = decideLateExtras(naming, payments, await readPersonBalances(tx, payments), newId);
  await keepExtras(tx, added, at);
  await postTransfers(tx, postings, at);
}

function registeredPayments(tx: Tx, notices: readonly ExtrasNotice[]): Promise<PaymentWithExtras[]> {
  return tx
    .kysely(PaymentEntity)
    .selectFrom('payment')
    .select(['id', 'provider', 'reference', 'amountMinor', 'currency', 'refundedMinor', 'personId'])
    .select(['personNamed', 'orderNamed', 'orderStandsIn'])
    .select(sql<string | null>`coalesce(assigned_order_id, id_or_null(order_named))`.as('orderId'))
    .select(sql<boolean>`dismissed_at is not null`.as('isDismissed'))
    .select(extrasOfPayment.as('extras'))
    .where('id', '=', paymentsOf(notices))
    .execute();
}

async function keepExtras(tx: Tx, added: readonly LateExtra[], at: Temporal.Instant): Promise<void> {
  if (added.length === 0) return;
  await tx.query(
    `insert into payment_extra (payment_id, kind, amount_minor, owed_minor, recorded_at)
     select payment_id, kind, amount_minor, owed_minor, $2
     from json_to_recordset($1) x (payment_id uuid, kind text, amount_minor bigint, owed_minor bigint)`,
    [movementRecords(added), at],
  );
  await tx.query(
    `update payment p set extras_minor = p.extras_minor + x.amount_minor
     from (
       select payment_id, sum(amount_minor) as amount_minor
       from json_to_recordset($1) r (payment_id uuid, amount_minor bigint) group by payment_id
     ) x
     where p.id = any (array(select payment_id from json_to_recordset($1) k (payment_id uuid))) and p.id = x.payment_id`,
    [movementRecords(added)],
  );
}
