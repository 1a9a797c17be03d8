import { MessagingOptions } from '#messaging/messaging.options.js';
import { Outbox } from '#messaging/publishing/outbox.js';
import type { Transactions, Tx } from '#persistence/transaction.js';
import * as bonuses from '../src/bonuses/grant-bonuses.js';
import * as reversals from '../src/bonuses/reverse-bonuses.js';
import { lockLedger } from '../src/ledger/lock-ledger.js';
import type { PaymentAnswer, PaymentNotice } from '../src/payments/domain/payment-notice.js';
import { needsSteps } from '../src/payments/registering/needs-steps.js';
import { PaymentJournal } from '../src/payments/registering/payment-journal.js';
import * as payments from '../src/payments/registering/register-payments.js';
import * as persons from '../src/persons/admit-persons.js';
import { fundByPayments } from '../src/receivables/funding/fund-by-payments.js';
import * as opening from '../src/receivables/open-receivables.js';
import * as settling from '../src/receivables/settle-receivables.js';
import * as withdrawing from '../src/receivables/withdraw-receivables.js';
import { RefundReportsStore } from '../src/refunds/backlog/refund-reports.store.js';
import type { RefundNotice } from '../src/refunds/domain/refund-notice.js';
import { RefundJournal } from '../src/refunds/refund-journal.js';
import { RefundsStore } from '../src/refunds/refunds.store.js';
import { allocatePayments } from '../src/suspense/allocate-payments.js';
import type { PaymentDismissal } from '../src/suspense/dismiss-payments.js';
import * as dismissing from '../src/suspense/dismiss-payments.js';
import type { PaymentMatch } from '../src/suspense/domain/decide-allocation.js';

// Each movement in a transaction of its own, as its consumer runs it.

const outbox = new Outbox(new MessagingOptions({ service: 'payments', amqpUrl: 'amqp://none' }));
const refundJournal = new RefundJournal(new RefundsStore(), new RefundReportsStore(), outbox);
const paymentJournal = new PaymentJournal(refundJournal);

type Movement<Item> = (tx: Tx, items: readonly Item[], at: Temporal.Instant) => Promise<void>;

function alone<Item>(move: Movement<Item>) {
  return (sql: Transactions, items: readonly Item[], at: Temporal.Instant) => sql.run((tx) => move(tx, items, at));
}

export const openReceivables = alone(opening.openReceivables);
export const settleReceivables = alone(settling.settleReceivables);
export const withdrawReceivables = alone(withdrawing.withdrawReceivables);
export const admitPersons = alone(persons.admitPersons);
export const grantBonuses = alone(bonuses.grantBonuses);
export const reverseBonuses = alone(reversals.reverseBonuses);
export const assignPayments = alone<PaymentMatch>(async (tx, matches, at) => {
  await lockLedger(tx);
  await fundByPayments(tx, await allocatePayments(tx, matches, at), at);
});

export const dismissPayments = alone<PaymentDismissal>(async (tx, items, at) => {
  await lockLedger(tx);
  await dismissing.dismissPayments(tx, items, at);
});

/** In one statement; in steps where that is refused. */
export async function registerPayments(
  sql: Transactions,
  notices: readonly PaymentNotice[],
  at: Temporal.Instant,
): Promise<PaymentAnswer[]> {
  try {
    return await payments.registerPayments(sql, notices, at);
  } catch (error) {
    if (!needsSteps(error)) throw error;
    return registerInSteps(sql, notices, at);
  }
}

export function registerInSteps(sql: Transactions, notices: readonly PaymentNotice[], at: Temporal.Instant) {
  return sql.run(async (tx) => {
    await lockLedger(tx);
    return paymentJournal.register(tx, notices, at);
  });
}

export function recordRefunds(sql: Transactions, notices: readonly RefundNotice[], at: Temporal.Instant) {
  return sql.run(async (tx) => {
    await lockLedger(tx);
    return refundJournal.record(tx, notices, at);
  });
}
