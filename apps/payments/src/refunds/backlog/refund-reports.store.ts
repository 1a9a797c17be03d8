import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import { movementRecords } from '../../ledger/movement-records.js';
import type { RefundReport } from '../domain/refund-report.js';

/** Reports that no known refunds account for. Written under the ledger's lock. */
@Injectable()
export class RefundReportsStore {
  /**
   * Keeps the largest report of each payment, with the time of the first, and forgets those that known refunds account
   * for.
   */
  async keep(tx: Tx, reports: readonly RefundReport[], at: Temporal.Instant): Promise<void> {
    if (reports.length === 0) return;
    await tx.query(
      `insert into refund_report as k (payment_reference, provider, kind, amount_minor, currency, reported_at)
       select distinct on (r.payment_reference, r.provider, r.kind)
         r.payment_reference, r.provider, r.kind, r.amount_minor, r.currency, $2
       from json_to_recordset($1) r (
         payment_reference text, provider text, kind text, amount_minor bigint, currency text)
       order by r.payment_reference, r.provider, r.kind, r.amount_minor desc
       on conflict (payment_reference, provider, kind) do update
         set amount_minor = excluded.amount_minor
         where k.amount_minor < excluded.amount_minor`,
      [movementRecords(reports), at],
    );
    await this.settle(tx, reports);
  }

  /**
   * Forgets the reports of these payments that known refunds account for. Refunds that failed count too: they were
   * notified.
   */
  async settle(tx: Tx, payments: readonly Pick<RefundReport, 'provider' | 'paymentReference'>[]): Promise<void> {
    const keys = payments.map(({ provider, paymentReference }) => ({ provider, paymentReference }));
    await tx.query(
      `delete from refund_report k
       using json_to_recordset($1) p (provider text, payment_reference text)
       where k.payment_reference = p.payment_reference and k.provider = p.provider and k.amount_minor <= (
         select coalesce(sum(r.amount_minor), 0) from refund r
         where r.payment_reference = k.payment_reference and r.provider = k.provider and r.kind = k.kind)`,
      [movementRecords(keys)],
    );
  }
}
