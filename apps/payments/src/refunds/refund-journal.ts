import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import { Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import type { MovementCause } from '../ledger/cause.js';
import { postTransfers } from '../ledger/post-transfers.js';
import { readPersonBalances } from '../ledger/read-balances.js';
import type { PaymentKey } from '../payment-rows/payments-of.js';
import { fundReceivables } from '../receivables/funding/fund-receivables.js';
import { readReservations } from '../receivables/funding/read-reservations.js';
import { RefundReportsStore } from './backlog/refund-reports.store.js';
import { decideRefunds } from './domain/decide-refunds.js';
import { ordersGivingWay } from './domain/orders-giving-way.js';
import type { Refund } from './domain/refund.js';
import { RefundBook, type RefundChanges, type RefundMove, type RefundState } from './domain/refund-book.js';
import type { RefundAnswer, RefundNotice } from './domain/refund-notice.js';
import type { RefundReport } from './domain/refund-report.js';
import { refundEventOf } from './refund-events.js';
import { RefundsStore } from './refunds.store.js';
import { reviseVerdicts } from './revise-verdicts.js';

/**
 * Refunds and disputes, in the transaction of others who hold the ledger's lock. A few statements for any number of
 * refunds.
 *
 * The provider has moved the money; our books follow. An applied refund moves person → provider clearing, or
 * suspense → provider clearing while nobody is known for the payment. What the person does not have moves from
 * their debt account before. What is beyond the payment is an expense of ours. Reservations stay; the event names the
 * orders that have to give way. A reinstated refund moves back.
 */
@Injectable()
export class RefundJournal {
  constructor(
    private readonly store: RefundsStore,
    private readonly reports: RefundReportsStore,
    private readonly outbox: Outbox,
  ) {}

  /** Keeps what providers say went back of payments in all, as far as the known refunds stay below it. */
  async report(tx: Tx, reports: readonly RefundReport[], at: Temporal.Instant): Promise<void> {
    await this.reports.keep(tx, reports, at);
  }

  /** Records a set of notices, publishes what moved, and funds receivables with what came back. */
  async record(tx: Tx, notices: readonly RefundNotice[], at: Temporal.Instant): Promise<RefundAnswer[]> {
    if (notices.length === 0) return [];
    const refunds = await this.store.concerning(tx, notices);
    const payments = [...notices, ...refunds].map(({ provider, paymentReference }) => ({
      provider,
      reference: paymentReference,
    }));
    const decision = decideRefunds(notices, await this.stateOf(tx, refunds, payments), newId);
    await this.store.add(tx, decision.added, at);
    await this.reports.settle(tx, decision.added);
    await this.write(tx, decision, at);
    await this.publish(tx, decision, at);
    await fundReceivables(tx, decision.moves.flatMap(creditOf), at);
    return [...decision.answers];
  }

  /**
   * Applies the refunds that waited for these payments, which were credited a moment ago and have not funded
   * anything. The caller publishes the changes once the payments are published.
   */
  async applyWaiting(
    tx: Tx,
    credited: readonly (PaymentKey & { readonly cause: MovementCause })[],
    at: Temporal.Instant,
  ): Promise<RefundChanges | undefined> {
    const refunds = await this.store.waitingFor(tx, credited);
    if (refunds.length === 0) return undefined;
    const causes = new Map(credited.map(({ provider, reference, cause }) => [`${provider} ${reference}`, cause]));
    const book = new RefundBook(await this.stateOf(tx, refunds, credited), newId);
    book.apply(
      refunds.map(({ id, provider, paymentReference }) => ({
        refundId: id,
        cause: causes.get(`${provider} ${paymentReference}`) as MovementCause,
      })),
    );
    const changes = book.changes();
    await this.write(tx, changes, at);
    return changes;
  }

  /** Publishes payment-refunded or payment-disputed for each move. */
  async publish(tx: Tx, { moves, balances }: RefundChanges, at: Temporal.Instant): Promise<void> {
    const owing = moves.flatMap(({ owedMinor, payment: { personId, currency } }) =>
      owedMinor > 0 && personId !== null ? [{ personId, currency }] : [],
    );
    const reservations = await readReservations(tx, owing);
    const ordersOf = (move: RefundMove) => {
      const { personId, currency } = move.payment;
      if (personId === null) return [];
      const theirs = reservations.filter((one) => one.personId === personId && one.currency === currency);
      return ordersGivingWay(move, theirs, balances.owedMinor(personId, currency));
    };
    await this.outbox.add(
      tx,
      moves.map((move) => refundEventOf(move, ordersOf(move), at)),
    );
  }

  private async stateOf(tx: Tx, refunds: readonly Refund[], keys: readonly PaymentKey[]): Promise<RefundState> {
    const payments = await this.store.payments(tx, keys);
    return { refunds, payments, balances: await readPersonBalances(tx, payments) };
  }

  private async write(tx: Tx, changes: RefundChanges, at: Temporal.Instant): Promise<void> {
    for (const postings of changes.postings) await postTransfers(tx, postings, at);
    await this.store.change(tx, changes, at);
    await reviseVerdicts(tx, [
      ...changes.moves
        .filter(({ refund }) => refund.state === 'applied')
        .map(({ refund }) => ({ refundId: refund.id, reason: null })),
      ...changes.voided.map((refundId) => ({ refundId, reason: null })),
      ...[...changes.refused].map(([refundId, reason]) => ({ refundId, reason })),
    ]);
  }
}

/** The money of a person that came back by a move. */
function creditOf({ refund, payment, excessMinor, collectedMinor, cause }: RefundMove) {
  const { id, personId, orderId, currency } = payment;
  const amountMinor = refund.amountMinor - excessMinor - collectedMinor;
  if (refund.state !== 'reinstated' || personId === null || amountMinor === 0) return [];
  return [{ personId, currency, orderId, paymentId: id, amountMinor, cause }];
}
