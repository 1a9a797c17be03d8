import { Injectable } from '@nestjs/common';
import { CompositeSet } from '#persistence/composite-set.js';
import type { Tx } from '#persistence/transaction.js';
import type { AccountKey } from '../ledger/domain/posting.js';
import { movementRecords } from '../ledger/movement-records.js';
import type { Reservation } from './domain/orders-giving-way.js';
import type { Refund, RefundablePayment } from './domain/refund.js';
import type { RefundChanges } from './domain/refund-book.js';
import type { RefundNotice } from './domain/refund-notice.js';

/** A payment as its provider names it. */
export interface PaymentKey {
  readonly provider: string;
  readonly reference: string;
}

const refundColumns = `r.id, r.provider, r.kind, r.reference, r.payment_reference as "paymentReference",
  r.amount_minor as "amountMinor", r.currency, r.state`;

/** Refunds and disputes. Written under the ledger's lock. */
@Injectable()
export class RefundsStore {
  /**
   * The refunds that notices are about, and those that wait for the same payments, in the order of their receipt.
   */
  concerning(tx: Tx, notices: readonly RefundNotice[]): Promise<Refund[]> {
    return tx.query<Refund>(
      `with notice as (
         select * from json_to_recordset($1) n (provider text, kind text, reference text, payment_reference text)
       ), known as (
         select r.* from notice n cross join lateral (
           select * from refund w
           where w.provider = n.provider and w.kind = n.kind and w.reference = n.reference offset 0
         ) r
       ), waiting as (
         select r.*
         from (
           select provider, payment_reference as reference from notice
           union select provider, payment_reference from known
         ) p
         cross join lateral (
           select * from refund w
           where w.state = 'waiting' and w.provider = p.provider and w.payment_reference = p.reference offset 0
         ) r
       )
       select ${refundColumns} from (select * from known union select * from waiting) r order by r.sequence`,
      [movementRecords(notices)],
    );
  }

  /** The refunds that wait for one of these payments, in the order of their receipt. */
  async waitingFor(tx: Tx, payments: readonly PaymentKey[]): Promise<Refund[]> {
    return tx.query<Refund>(
      `select ${refundColumns}
       from (select distinct provider, reference from json_to_recordset($1) k (provider text, reference text)) p
       cross join lateral (
         select * from refund w
         where w.state = 'waiting' and w.provider = p.provider and w.payment_reference = p.reference offset 0
       ) r
       order by r.sequence`,
      [movementRecords(payments)],
    );
  }

  /** Those of these payments that are known. */
  payments(tx: Tx, keys: readonly PaymentKey[]): Promise<RefundablePayment[]> {
    return tx.query<RefundablePayment>(
      `select p.id, p.provider, p.reference, p.amount_minor as "amountMinor", p.currency,
         p.refunded_minor as "refundedMinor", p.person_id as "personId", id_or_null(p.order_named) as "orderId"
       from (select distinct provider, reference from json_to_recordset($1) k (provider text, reference text)) k
       cross join lateral (
         select * from payment q where q.provider = k.provider and q.reference = k.reference offset 0
       ) p`,
      [movementRecords(keys)],
    );
  }

  /** Keeps refunds as they are received: they wait. */
  async add(tx: Tx, refunds: readonly Refund[], at: Temporal.Instant): Promise<void> {
    if (refunds.length === 0) return;
    await tx.query(
      `insert into refund
         (id, provider, kind, reference, payment_reference, amount_minor, currency, state, received_at)
       select r.id, r.provider, r.kind, r.reference, r.payment_reference, r.amount_minor, r.currency, 'waiting', $2
       from json_to_recordset($1) r (
         position bigint, id uuid, provider text, kind text, reference text, payment_reference text, amount_minor bigint,
         currency text)
       order by r.position`,
      [movementRecords(refunds), at],
    );
  }

  /** Keeps which refunds moved, and what is refunded of their payments. */
  async change(tx: Tx, { moves, voided, refundedMinor }: RefundChanges, at: Temporal.Instant): Promise<void> {
    const applied = moves
      .filter(({ refund }) => refund.state === 'applied')
      .map(({ refund, payment, owedMinor }) => ({ id: refund.id, paymentId: payment.id, owedMinor }));
    const reinstated = moves.filter(({ refund }) => refund.state === 'reinstated').map(({ refund }) => refund.id);
    if (applied.length > 0) {
      await tx.query(
        `update refund r set state = 'applied', applied_at = $2, payment_id = m.payment_id, owed_minor = m.owed_minor
         from json_to_recordset($1) m (id uuid, payment_id uuid, owed_minor bigint)
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
    if (refundedMinor.size > 0) {
      const payments = [...refundedMinor].map(([id, amount]) => ({ id, refundedMinor: amount }));
      await tx.query(
        `update payment p set refunded_minor = k.refunded_minor
         from json_to_recordset($1) k (id uuid, refunded_minor bigint)
         where p.id = any (array(select id from json_to_recordset($1) w (id uuid))) and p.id = k.id`,
        [movementRecords(payments)],
      );
    }
  }

  /** What is reserved from these persons' accounts, the newest first, beside whose it is. */
  reservations(
    tx: Tx,
    accounts: readonly AccountKey[],
  ): Promise<(Reservation & { readonly personId: string; readonly currency: string })[]> {
    return tx.query(
      `select a.owner as "personId", a.currency, t.id as "transferId", t.order_id as "orderId",
         t.amount_minor as "amountMinor", t.payment_id as "paymentId"
       from (select distinct kind, owner, currency from unnest($1::account_key[])) k
       cross join lateral (
         select * from account w where w.owner = k.owner and w.kind = k.kind and w.currency = k.currency offset 0
       ) a
       cross join lateral (
         select * from transfer r where r.debit_account = a.id and r.movement = 'reserve' and r.state = 'pending' offset 0
       ) t
       order by t.created_at desc, t.id desc`,
      [new CompositeSet('account_key', accounts)],
    );
  }
}
