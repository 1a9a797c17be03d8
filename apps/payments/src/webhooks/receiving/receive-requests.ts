import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { zip } from '#kernel/zip.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../../ledger/lock-ledger.js';
import { needsSteps } from '../../payments/registering/needs-steps.js';
import { PaymentJournal } from '../../payments/registering/payment-journal.js';
import { RefundJournal } from '../../refunds/refund-journal.js';
import { settleNotifications } from '../domain/settle-notifications.js';
import {
  type Classification,
  type Decision,
  type ReceivedRequest,
  type Verdict,
  WebhooksStore,
} from './webhooks.store.js';

type Classified = [request: ReceivedRequest, classification: Classification];

/** A set that needed steps is mostly followed by others that do. */
const untriedAfterSteps = 8;

/**
 * Receives sets of requests whose signature was good, each set in one transaction. Mostly one statement does all of
 * it. A set with a refund, or one that this statement refuses (`needsSteps`), is received in steps: some twenty
 * statements for any number of requests.
 */
@Injectable()
export class ReceiveRequests {
  /**
   * How many sets are received in steps without a try: at most one try in nine is in vain, if every set needs
   * steps.
   */
  private untried = 0;

  constructor(
    private readonly transactions: Transactions,
    private readonly store: WebhooksStore,
    private readonly payments: PaymentJournal,
    private readonly refunds: RefundJournal,
  ) {}

  /**
   * Stores requests, registers payments, records refunds and publishes events. One verdict per request, in order.
   */
  async receive(requests: readonly ReceivedRequest[], at: Temporal.Instant): Promise<Verdict[]> {
    if (this.untried > 0) {
      this.untried -= 1;
    } else if (!requests.some(({ refund, report }) => refund || report)) {
      try {
        return await this.store.receive(requests, at);
      } catch (error) {
        if (!needsSteps(error)) throw error;
        this.untried = untriedAfterSteps;
      }
    }
    return this.transactions.run((tx) => this.receiveInSteps(tx, requests, at));
  }

  private async receiveInSteps(tx: Tx, requests: readonly ReceivedRequest[], at: Temporal.Instant): Promise<Verdict[]> {
    await lockLedger(tx);
    const classified = await this.store.classify(tx, requests);
    const carrying = (kind: 'payment' | 'refund') =>
      zip(requests, classified).filter(([, { classification }]) => classification === kind);
    const paid = await this.register(tx, carrying('payment'), at);
    // After the payments: they may be those that are refunded.
    const refunded = await this.record(tx, carrying('refund'), at);
    await this.refunds.report(
      tx,
      requests.flatMap(({ report }) => report ?? []),
      at,
    );
    const decided = await this.store.keep(tx, requests, { classified, paid, refunded }, at);
    await this.settle(tx, requests, decided);
    return decided.map(({ verdict, reason, payment_id: paymentId }) => ({ verdict, reason, paymentId }));
  }

  private async register(tx: Tx, requests: readonly Classified[], at: Temporal.Instant) {
    const notices = requests.flatMap(([{ payment, cause }]) => (payment ? [{ ...payment, cause }] : []));
    const answers = await this.payments.register(tx, notices, at);
    return zip(requests, answers).map(([[, { position }], answer]) => ({ ...answer, position }));
  }

  private async record(tx: Tx, requests: readonly Classified[], at: Temporal.Instant) {
    const notices = requests.flatMap(([{ refund, cause }]) => (refund ? [{ ...refund, cause }] : []));
    const answers = await this.refunds.record(tx, notices, at);
    return zip(requests, answers).map(([[, { position }], answer]) => ({ ...answer, position }));
  }

  private async settle(tx: Tx, requests: readonly ReceivedRequest[], decided: readonly Decision[]): Promise<void> {
    const kept = zip(requests, decided).map(([{ provider, eventId, body }, { id, settles }]) => ({
      id,
      provider,
      eventId,
      bodyHash: hash('sha256', body),
      supersedes: settles,
    }));
    await this.store.settle(tx, settleNotifications(kept, await this.store.unread(tx, kept)));
  }
}
