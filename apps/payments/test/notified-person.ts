import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { Redis } from 'ioredis';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import {
  type Notification,
  type PaymentDetails,
  post,
  standardNotification,
  stripeNotification,
} from '../../../test/support/messages/provider-notifications.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { verifyLedger } from '../src/verification/verify-ledger.js';
import { at, cause } from './ledger-fixture.js';
import { admitPersons } from './movements.js';
import { type PaymentsApp, secrets, startPayments } from './payments-app.js';

export const applied = { status: 200, body: { received: true, verdict: 'applied' } };
export const duplicate = { status: 200, body: { received: true, verdict: 'duplicate' } };
export const waiting = { status: 200, body: { received: true, verdict: 'waiting' } };
export const stored = { status: 200, body: { received: true, verdict: 'stored' } };
export const quarantined = (reason: string) => ({
  status: 200,
  body: { received: true, verdict: 'quarantined', reason },
});

/** Two instances that receive notifications about a person, who is new for each test. */
export class NotifiedPerson {
  service!: PaymentsApp;
  second!: PaymentsApp;
  sql!: Transactions;
  personId = '';

  /** Starts the instances before all tests of a file, with an empty Redis; proves the ledger after them. */
  static inEachTest(): NotifiedPerson {
    const one = new NotifiedPerson();
    beforeAll(async () => {
      const redis = new Redis(testRedisUrl());
      await redis.flushdb();
      redis.disconnect();
      one.service = await startPayments();
      one.second = await startPayments({ databaseUrl: one.service.databaseUrl, clock: one.service.clock });
      one.sql = one.service.app.get(Transactions);
    });
    beforeEach(async () => {
      one.personId = newId();
      await admitPersons(one.sql, [{ personId: one.personId, cause }], at);
    });
    afterAll(async () => {
      expect((await verifyLedger(one.service.databaseUrl)).violations).toEqual([]);
      await one.second.close();
      await one.service.close();
    });
    return one;
  }

  now = () => new Date(this.service.clock.now().epochMilliseconds);

  /** A notification of 10 euros, unless the details say otherwise. */
  standard = (details: Partial<PaymentDetails> = {}): Notification =>
    standardNotification(secrets.standard, this.payment(details));

  stripe = (details: Partial<PaymentDetails> = {}): Notification =>
    stripeNotification(secrets.stripe, this.payment(details));

  answerTo = async (notification: Notification, to = this.service): Promise<{ status: number; body: unknown }> => {
    const response = await post(to.url, notification);
    return { status: response.status, body: await response.json() };
  };

  /** What the person can spend. */
  available = async (): Promise<number> => {
    const [row] = await this.sql.query<{ available: number }>(
      `select credits_posted - debits_posted - debits_pending as available from account where owner = $1`,
      [this.personId],
    );
    return row?.available ?? 0;
  };

  /** The rows that are kept of the requests with this body. */
  kept = (body: string) =>
    this.sql.query<{ provider: string; verdict: string; reason: string | null }>(
      `select provider, verdict, reason from webhook_request where body = $1 order by received_at, id`,
      [Buffer.from(body)],
    );

  private payment(details: Partial<PaymentDetails>) {
    return { amountMinor: 1_000, currency: 'EUR', personId: this.personId, signedAt: this.now(), ...details };
  }
}
