import type { Tx } from '#persistence/transaction.js';
import { movementRecords } from '../../ledger/movement-records.js';
import { PaymentEntity } from '../../payment-rows/payment.entity.js';
import { paymentsOf } from '../../payment-rows/payments-of.js';
import { fundByPayments } from '../../receivables/funding/fund-by-payments.js';
import { allocatePayments } from '../../suspense/allocate-payments.js';
import { mergeNames, type NamedPayment, type NamingNotice, type RenamedPayment } from '../domain/merge-names.js';

/**
 * Payments in suspense take the names that later notices add, and move to the person who is known by them. The
 * caller holds the ledger's lock.
 */
export async function addNames(tx: Tx, notices: readonly NamingNotice[], at: Temporal.Instant): Promise<void> {
  const renamed = mergeNames(await inSuspense(tx, notices), notices);
  if (renamed.length === 0) return;
  const owners = await rename(tx, renamed);
  const matches = renamed.flatMap(({ id, cause }) => {
    const personId = owners.get(id);
    return personId ? [{ paymentId: id, personId, cause }] : [];
  });
  await fundByPayments(tx, await allocatePayments(tx, matches, at), at);
}

function inSuspense(tx: Tx, notices: readonly NamingNotice[]): Promise<NamedPayment[]> {
  return tx
    .kysely(PaymentEntity)
    .selectFrom('payment')
    .select(['id', 'provider', 'reference', 'amountMinor', 'currency', 'personNamed', 'orderNamed', 'orderStandsIn'])
    .where('id', '=', paymentsOf(notices))
    .where('personId', 'is', null)
    .orderBy('id')
    .execute();
}

/** Keeps the names, and answers who is known by them: the named person, else the person of the named order. */
async function rename(tx: Tx, payments: readonly RenamedPayment[]): Promise<Map<string, string | null>> {
  const rows = await tx.query<{ id: string; owner: string | null }>(
    `update payment p set person_named = n.person_named, order_named = n.order_named,
       order_stands_in = coalesce(n.order_stands_in, false)
     from json_to_recordset($1) n (id uuid, person_named text, order_named text, order_stands_in boolean)
     where p.id = any (array(select id from json_to_recordset($1) k (id uuid))) and p.id = n.id
     returning p.id, case when p.person_named is null
       then (select r.person_id from receivable r where r.order_id = id_or_null(p.order_named))
       else (select k.person_id from person k where k.person_id = id_or_null(p.person_named)) end as owner`,
    [movementRecords(payments)],
  );
  return new Map(rows.map(({ id, owner }) => [id, owner]));
}
