import { Injectable } from '@nestjs/common';
import { zip } from '#kernel/zip.js';
import { Transactions } from '#persistence/transaction.js';
import { LatePaymentsStore } from './late-payments.store.js';
import { type PreparedReopening, PrepareReopenings } from './prepare-reopenings.js';
import { ReopenOrders } from './reopen-orders.js';
import { StoreDecisions } from './store-decisions.js';

/** Late payments that are decided in one transaction; the next sweep decides more. */
const decidedMax = 100;

/**
 * Decides what becomes of late payments: another order with the same terms, or credit and the reason for it. Each is
 * decided once, by any instance and after any crash: the row of the payment is locked and has no outcome yet.
 */
@Injectable()
export class DecideLatePayments {
  constructor(
    private readonly transactions: Transactions,
    private readonly preparing: PrepareReopenings,
    private readonly reopening: ReopenOrders,
    private readonly latePayments: LatePaymentsStore,
    private readonly storeDecisions: StoreDecisions,
  ) {}

  async execute(): Promise<void> {
    const waiting = await this.latePayments.undecided(decidedMax);
    if (waiting.length === 0) return;
    const prepared = await this.preparing.prepare(waiting);
    await this.preparing.release(await this.decide(prepared));
  }

  /** The reopenings that were decided and opened no order. */
  private decide(prepared: readonly PreparedReopening[]): Promise<PreparedReopening[]> {
    return this.transactions.run(async (tx) => {
      const undecided = await this.latePayments.lockUndecided(
        tx,
        prepared.map(({ payment }) => payment.id),
      );
      const mine = await this.preparing.take(
        tx,
        prepared.filter(({ payment }) => undecided.has(payment.id)),
      );
      if (mine.length === 0) return [];
      const decisions = zip(mine, await this.reopening.apply(tx, mine)).map(([{ payment }, decided]) => {
        return { payment, decided };
      });
      await this.storeDecisions.apply(tx, decisions);
      return zip(mine, decisions).flatMap(([one, { decided }]) => (decided.outcome === 'credited' ? [one] : []));
    });
  }
}
