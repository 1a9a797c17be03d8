import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ResponseOf } from '#contracts/contract.js';
import type { listMissingRefunds, listWaitingRefunds } from '#contracts/payments/refunds.js';
import { mapPage, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import type { Backlog } from '../../backlog/backlog-gauges.js';
import { PaymentEntity } from '../../payment-rows/payment.entity.js';
import { RefundEntity } from '../refund.entity.js';
import { RefundReportEntity } from './refund-report.entity.js';

type WaitingPage = ResponseOf<typeof listWaitingRefunds>;
type MissingPage = ResponseOf<typeof listMissingRefunds>;

/** Refunds that wait for a payment, and refunds that a provider counts and never notified. */
@Injectable()
export class RefundBacklogStore {
  constructor(private readonly transactions: Transactions) {}

  /** Oldest first. */
  async waiting(paging: Paging): Promise<WaitingPage> {
    const matching = this.waitingRefunds();
    const selected = matching
      .select(['id', 'provider', 'kind', 'reference', 'paymentReference', 'amountMinor', 'currency', 'receivedAt'])
      .select('sequence');
    const order = { by: ['sequence'], direction: 'asc' } as const;
    return mapPage(await pageOf({ matching, selected, order }, paging), (row) => ({
      refund_id: row.id,
      provider: row.provider,
      kind: row.kind,
      reference: row.reference,
      payment_reference: row.paymentReference,
      amount_minor: row.amountMinor,
      currency: row.currency,
      received_at: row.receivedAt.toString(),
    }));
  }

  /** Oldest first. */
  async missing(paging: Paging): Promise<MissingPage> {
    const matching = this.missingRefunds();
    const selected = matching
      .select(['payment.id', 'refund_report.provider', 'refund_report.kind'])
      .select('refund_report.paymentReference as paymentReference')
      .select(['refund_report.amountMinor', 'refund_report.currency', 'refund_report.reportedAt'])
      .select(
        sql<number>`(select coalesce(sum(r.amount_minor), 0)::bigint from refund r
          where r.payment_reference = refund_report.payment_reference and r.provider = refund_report.provider
            and r.kind = refund_report.kind)`.as('knownMinor'),
      );
    const by = ['reportedAt', 'paymentReference', 'provider', 'kind'].map((column) => `refund_report.${column}`);
    const order = { by, direction: 'asc' } as const;
    return mapPage(await pageOf({ matching, selected, order }, paging), (row) => ({
      payment_id: row.id,
      provider: row.provider,
      kind: row.kind,
      payment_reference: row.paymentReference,
      reported_minor: row.amountMinor,
      known_minor: row.knownMinor,
      currency: row.currency,
      reported_at: row.reportedAt.toString(),
    }));
  }

  /** How many refunds wait, and since when the oldest does. */
  async waitingBacklog(): Promise<Backlog> {
    const row = await this.waitingRefunds()
      .select(({ fn }) => [fn.countAll<number>().as('open'), fn.min('receivedAt').as('oldest')])
      .executeTakeFirst();
    return row ?? { open: 0, oldest: null };
  }

  /** Of how many payments refunds are missing, and since when. */
  async missingBacklog(): Promise<Backlog> {
    const row = await this.missingRefunds()
      .select(({ fn }) => [fn.countAll<number>().as('open'), fn.min('refund_report.reportedAt').as('oldest')])
      .executeTakeFirst();
    return row ?? { open: 0, oldest: null };
  }

  /**
   * Those whose payment nobody has notified. A payment that was not taken, because it names nobody, is no missing one;
   * a refund that contradicts its payment is quarantined.
   */
  private waitingRefunds() {
    return this.transactions
      .kysely(RefundEntity)
      .selectFrom('refund')
      .where(sql<boolean>`refund.state = 'waiting'`)
      .where(
        sql<boolean>`not exists (select from payment p
          where p.reference = refund.payment_reference and p.provider = refund.provider)`,
      )
      .where(
        sql<boolean>`not exists (select from webhook_request w
          where w.untaken_reference = refund.payment_reference and w.provider = refund.provider)`,
      );
  }

  /** Reports of payments that we have; others are not ours, or their refunds wait. */
  private missingRefunds() {
    return this.transactions
      .kysely(RefundReportEntity, PaymentEntity)
      .selectFrom('refund_report')
      .innerJoin('payment', (join) =>
        join
          .onRef('payment.reference', '=', 'refund_report.paymentReference')
          .onRef('payment.provider', '=', 'refund_report.provider'),
      );
  }
}
