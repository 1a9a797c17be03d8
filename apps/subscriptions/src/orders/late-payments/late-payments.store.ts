import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { jsonRecords } from '#persistence/entities/json-records.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { LateOutcomeName, LatePayment } from './domain/late-payment.js';
import { LatePaymentEntity } from './late-payment.entity.js';

/** A late payment with its outcome, as far as it is decided. */
export interface DecidedPayment extends LatePayment {
  readonly decidedAt: Temporal.Instant | null;
  readonly outcome: LateOutcomeName | null;
  readonly reasonCode: string | null;
  readonly reason: string | null;
  readonly replacementOrderId: string | null;
}

/** The outcome of a late payment, as its row holds it. */
export type OutcomeRow = Pick<DecidedPayment, 'id' | 'reasonCode' | 'reason' | 'replacementOrderId'> & {
  readonly outcome: LateOutcomeName;
};

/** Payments whose orders had ended before the money came. */
@Injectable()
export class LatePaymentsStore {
  constructor(private readonly transactions: Transactions) {}

  /** What is recorded already stays as it is. */
  async add(tx: Tx, payments: readonly LatePayment[]): Promise<void> {
    if (payments.length === 0) return;
    await tx.query(
      `insert into late_payments select * from json_populate_recordset(null::late_payments, $1::json)
       on conflict do nothing`,
      [jsonRecords(payments)],
    );
  }

  /** Payments that are not decided yet, the longest waiting first. */
  undecided(limit: number): Promise<LatePayment[]> {
    return rows(this.transactions)
      .selectAll()
      .where('decidedAt', 'is', null)
      .orderBy('recordedAt')
      .limit(limit)
      .execute();
  }

  /** Locks those of these payments that are not decided and that nobody decides at this moment. */
  async lockUndecided(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await rows(tx)
      .select('id')
      .where('id', '=', sql<string>`any (${ids}::uuid[])`)
      .where('decidedAt', 'is', null)
      .orderBy('id')
      .forUpdate()
      .skipLocked()
      .execute();
    return new Set(found.map(({ id }) => id));
  }

  /** Those of these orders that a late payment has replaced. */
  async replaced(tx: Tx, orderIds: readonly string[]): Promise<string[]> {
    const found = await rows(tx)
      .select('orderId')
      .where('orderId', '=', sql<string>`any (${orderIds}::uuid[])`)
      .where('outcome', '=', 'reopened')
      .execute();
    return found.map(({ orderId }) => orderId);
  }

  /** Stores the outcomes of payments that `lockUndecided` returned. */
  async decide(tx: Tx, records: readonly OutcomeRow[], decidedAt: Temporal.Instant): Promise<void> {
    if (records.length === 0) return;
    await tx.query(
      `update late_payments late
       set decided_at = $2, outcome = decided.outcome, reason_code = decided.reason_code, reason = decided.reason,
           replacement_order_id = decided.replacement_order_id
       from json_populate_recordset(null::late_payments, $1::json) as decided
       where late.id = decided.id`,
      [jsonRecords(records), decidedAt],
    );
  }

  /** The late payments of these orders, by order, the oldest first. */
  async ofOrders(orderIds: readonly string[]): Promise<ReadonlyMap<string, readonly DecidedPayment[]>> {
    if (orderIds.length === 0) return new Map();
    const found = await rows(this.transactions)
      .selectAll()
      .where('orderId', '=', sql<string>`any (${orderIds}::uuid[])`)
      .orderBy('recordedAt')
      .orderBy('id')
      .execute();
    return Map.groupBy(found, ({ orderId }) => orderId);
  }
}

function rows(source: Pick<Tx, 'kysely'>) {
  return source.kysely(LatePaymentEntity).selectFrom('late_payments');
}
