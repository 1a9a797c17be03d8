import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { anyOf } from '#persistence/entities/any-of.js';
import type { Tx } from '#persistence/transaction.js';
import { extrasOfPayment } from '../extras/add-extras.js';
import { movementRecords } from '../ledger/movement-records.js';
import { PaymentEntity } from '../payment-rows/payment.entity.js';
import { type PaymentKey, paymentsOf } from '../payment-rows/payments-of.js';
import type { Refund, RefundablePayment } from './domain/refund.js';
import type { RefundChanges } from './domain/refund-book.js';
import type { RefundNotice } from './domain/refund-notice.js';
import { RefundEntity } from './refund.entity.js';

/** Refunds and disputes. Written under the ledger's lock. */
@Injectable()
export class RefundsStore {
  /**
   * The refunds that notices are about, and those that wait for the same payments, in the order of their receipt.
   */
  concerning(tx: Tx, notices: readonly RefundNotice[]): Promise<Refund[]> {
    return refunds(tx)
      .where(
        'id',
        '=',
        sql<string>`any (array(
          with notice as (
            select * from json_to_recordset(${movementRecords(notices)})
              n (provider text, kind text, reference text, payment_reference text)
          ), known as (
            select r.* from notice n cross join lateral (
              select * from refund w
              where w.provider = n.provider and w.kind = n.kind and w.reference = n.reference offset 0
            ) r
          ), waiting as (
            select r.id
            from (
              select provider, payment_reference as reference from notice
              union select provider, payment_reference from known
            ) p
            cross join lateral (
              select * from refund w
              where w.state = 'waiting' and w.provider = p.provider and w.payment_reference = p.reference offset 0
            ) r
          )
          select id from known union select id from waiting))`,
      )
      .execute();
  }

  /** The refunds that wait for one of these payments, in the order of their receipt. */
  async waitingFor(tx: Tx, payments: readonly PaymentKey[]): Promise<Refund[]> {
    return refunds(tx)
      .where(
        'id',
        '=',
        sql<string>`any (array(
          select r.id
          from json_to_recordset(${movementRecords(payments)}) p (provider text, reference text)
          cross join lateral (
            select * from refund w
            where w.state = 'waiting' and w.provider = p.provider and w.payment_reference = p.reference offset 0
          ) r))`,
      )
      .execute();
  }

  /** Those of these payments that are known. */
  payments(tx: Tx, keys: readonly PaymentKey[]): Promise<RefundablePayment[]> {
    return tx
      .kysely(PaymentEntity)
      .selectFrom('payment')
      .select(['id', 'provider', 'reference', 'amountMinor', 'currency', 'refundedMinor', 'excessMinor'])
      .select('personId')
      .select(sql<string | null>`coalesce(assigned_order_id, id_or_null(order_named))`.as('orderId'))
      .select(extrasOfPayment.as('extras'))
      .select(sql<boolean>`dismissed_at is not null`.as('isDismissed'))
      .where('id', '=', paymentsOf(keys))
      .execute();
  }

  /** Keeps refunds as they are received: they wait. */
  async add(tx: Tx, refunds: readonly Refund[], at: Temporal.Instant): Promise<void> {
    if (refunds.length === 0) return;
    await tx.query(
      `insert into refund
         (id, provider, kind, reference, payment_reference, amount_minor, currency, reason, author, state, received_at)
       select r.id, r.provider, r.kind, r.reference, r.payment_reference, r.amount_minor, r.currency, r.reason, r.author,
         'waiting', $2
       from json_to_recordset($1) r (
         position bigint, id uuid, provider text, kind text, reference text, payment_reference text, amount_minor bigint,
         currency text, reason text, author text)
       order by r.position`,
      [movementRecords(refunds.map(({ byHand, ...refund }) => ({ ...refund, ...byHand }))), at],
    );
  }

  /** Keeps which refunds moved, and what is refunded of their payments. */
  async change(tx: Tx, { moves, voided, refunded }: RefundChanges, at: Temporal.Instant): Promise<void> {
    const applied = moves
      .filter(({ refund }) => refund.state === 'applied')
      .map(({ refund, payment, owedMinor, excessMinor }) => {
        return { id: refund.id, paymentId: payment.id, owedMinor, excessMinor };
      });
    const reinstated = moves.filter(({ refund }) => refund.state === 'reinstated').map(({ refund }) => refund.id);
    if (applied.length > 0) {
      await tx.query(
        `update refund r set state = 'applied', applied_at = $2, payment_id = m.payment_id, owed_minor = m.owed_minor,
           excess_minor = m.excess_minor
         from json_to_recordset($1) m (id uuid, payment_id uuid, owed_minor bigint, excess_minor bigint)
         where r.id = any (array(select id from json_to_recordset($1) k (id uuid))) and r.id = m.id`,
        [movementRecords(applied), at],
      );
    }
    if (reinstated.length + voided.length > 0) {
      await tx.query(`update refund set state = 'reinstated', reinstated_at = $2 where id = any ($1::uuid[])`, [
        [...reinstated, ...voided],
        at,
      ]);
    }
    if (refunded.size > 0) {
      const payments = [...refunded].map(([id, amounts]) => ({ id, ...amounts }));
      await tx.query(
        `update payment p set refunded_minor = k.refunded_minor, excess_minor = k.excess_minor
         from json_to_recordset($1) k (id uuid, refunded_minor bigint, excess_minor bigint)
         where p.id = any (array(select id from json_to_recordset($1) w (id uuid))) and p.id = k.id`,
        [movementRecords(payments)],
      );
    }
  }
}

/** By id, these refunds and what is owed by them. */
export async function refundsById(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { readonly id: string; readonly amountMinor: number; readonly owedMinor: number | null }>> {
  const rows = await tx
    .kysely(RefundEntity)
    .selectFrom('refund')
    .select(['id', 'amountMinor', 'owedMinor'])
    .where('id', '=', anyOf(ids))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The columns of refunds, in the order of their receipt. */
function refunds(tx: Tx) {
  return tx
    .kysely(RefundEntity)
    .selectFrom('refund')
    .select(['id', 'provider', 'kind', 'reference', 'paymentReference', 'amountMinor', 'currency', 'state'])
    .orderBy('sequence');
}
