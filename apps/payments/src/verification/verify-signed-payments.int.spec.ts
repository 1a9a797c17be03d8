import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import {
  type Notification,
  post,
  standardNotification,
  standardRefund,
  stripeNotification,
  stripeRefund,
} from '../../../../test/support/messages/provider-notifications.js';
import { at, cause } from '../../test/ledger-fixture.js';
import { admitPersons } from '../../test/movements.js';
import { type PaymentsApp, secrets, startPayments } from '../../test/payments-app.js';
import { VerifyLedgerJob } from './verify-ledger.job.js';
import { verifyLedger } from './verify-ledger.js';
import { describeSigned, verifySignedPayments } from './verify-signed-payments.js';

const i4 = 'I4 each payment is what its provider signed';

let service: PaymentsApp;
let sql: Transactions;

beforeAll(async () => {
  service = await startPayments();
  sql = service.app.get(Transactions);
  const personId = newId();
  await admitPersons(sql, [{ personId, cause }], at);
  const signedAt = new Date(service.clock.now().epochMilliseconds);
  const events = { amountMinor: 1_000, currency: 'EUR', personId, signedAt };
  const notifications: Notification[] = [
    standardNotification(secrets.standard, events),
    stripeNotification(secrets.stripe, events),
    standardNotification(secrets.standard, { ...events, amountMinor: 0 }),
  ];
  for (const notification of [...notifications, ...notifications]) {
    expect((await post(service.url, notification)).status).toBe(200);
  }
});
afterAll(() => service.close());

async function unguarded(...statements: string[]): Promise<void> {
  await sql.run(async (tx) => {
    await tx.query(`set local session_replication_role = 'replica'`);
    for (const statement of statements) await tx.query(statement);
  });
}

/** Changes every amount of every payment, and of its transfers and entries, by so much. */
const tamperedBy = (minor: number) =>
  unguarded(
    `update payment set amount_minor = amount_minor + ${minor}`,
    `update transfer set amount_minor = amount_minor + ${minor}`,
    `update entry set amount_minor = amount_minor + sign(amount_minor) * ${minor},
       balance_after_minor = balance_after_minor + sign(amount_minor) * ${minor} * version`,
    `update account set debits_posted = debits_posted + ${minor} * version where kind = 'provider_clearing'`,
    `update account set credits_posted = credits_posted + ${minor} * version where kind = 'person'`,
  );

async function found(): Promise<string[]> {
  const { violations } = await verifySignedPayments(service.databaseUrl);
  return violations.map(({ invariant, says }) => `${invariant}: ${says}`);
}

describe('payments beside what was signed', () => {
  it('are the same in a sound database', async () => {
    const report = await verifySignedPayments(service.databaseUrl);
    expect(report).toEqual({ violations: [], requests: 2 });
    expect(describeSigned(report)).toBe('Each payment is what its provider signed: 2 applied requests read.');
  });

  it('differ where somebody altered payment, transfer, entries and balances alike', async () => {
    await tamperedBy(5);
    expect((await verifyLedger(service.databaseUrl)).violations).toEqual([]);
    expect(await found()).toEqual([
      expect.stringMatching(/^I4 .*: signed was standard \S+ of 1000 EUR, kept is standard \S+ of 1005 EUR$/),
      expect.stringMatching(/^I4 .*: signed was stripe \S+ of 1000 EUR, kept is stripe \S+ of 1005 EUR$/),
    ]);
    await expect(service.app.get(VerifyLedgerJob).run()).rejects.toThrow(i4);
    await tamperedBy(-5);
    expect(await found()).toEqual([]);
    await service.app.get(VerifyLedgerJob).run();
  });

  it.each<[string, string, string, RegExp]>([
    [
      'another payment id',
      `update payment set reference = reference || 'x' where provider = 'standard'`,
      `update payment set reference = rtrim(reference, 'x') where provider = 'standard'`,
      /kept is standard \S+x of/,
    ],
    [
      'another currency',
      `update payment set currency = 'USD' where provider = 'stripe'`,
      `update payment set currency = 'EUR' where provider = 'stripe'`,
      /of 1000 EUR, kept is stripe \S+ of 1000 USD/,
    ],
    [
      'a body that is no payment',
      `update webhook_request set verdict = 'applied' where verdict = 'quarantined' and admitted`,
      `update webhook_request set verdict = 'quarantined' where verdict = 'applied' and reason is not null`,
      /says nothing that is: AMOUNT_INVALID/,
    ],
  ])('differ by %s', async (_, damage, repair, says) => {
    await unguarded(damage);
    expect(await found()).toEqual([expect.stringMatching(says)]);
    await unguarded(repair);
    expect(await found()).toEqual([]);
  });

  it('are read from a moment on, when only the newest are wanted', async () => {
    await tamperedBy(5);
    const since = (hours: number) => ({ since: Temporal.Now.instant().add({ hours }) });
    expect((await verifySignedPayments(service.databaseUrl, since(-24))).violations).toHaveLength(2);
    expect(await verifySignedPayments(service.databaseUrl, since(1))).toEqual({ violations: [], requests: 0 });
    await tamperedBy(-5);
  });
});

it('finds a refund that is not what its provider signed', async () => {
  const signedAt = new Date(service.clock.now().epochMilliseconds);
  const events = { amountMinor: 70, currency: 'EUR', signedAt };
  await post(service.url, standardRefund(secrets.standard, { ...events, paymentId: 'pay_later', refundId: 're_1' }));
  await post(service.url, stripeRefund(secrets.stripe, { ...events, paymentId: 'pi_later', kind: 'dispute' }));
  expect(await found()).toEqual([]);
  const alter = (by: string) =>
    unguarded(`update refund set amount_minor = amount_minor ${by} where reference = 're_1'`);
  await alter('+ 1');
  expect(await found()).toEqual([
    `${i4}: signed was standard refund re_1 of 70 EUR of payment pay_later, kept is standard refund re_1 of 71 EUR of payment pay_later`,
  ]);
  await alter('- 1');
});
