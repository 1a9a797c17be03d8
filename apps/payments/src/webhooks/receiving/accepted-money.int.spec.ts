import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { type Notification, post, stripeEvent } from '../../../../../test/support/messages/provider-notifications.js';
import { testRedisUrl } from '../../../../../test/support/servers/test-redis.js';
import { at, cause, order } from '../../../test/ledger-fixture.js';
import { admitPersons, openReceivables } from '../../../test/movements.js';
import { type PaymentsApp, secrets, startPayments } from '../../../test/payments-app.js';
import { verifyLedger } from '../../verification/verify-ledger.js';

let development: PaymentsApp;
let production: PaymentsApp;
let selective: PaymentsApp;
let sql: Transactions;
let personId: string;

beforeAll(async () => {
  const redis = new Redis(testRedisUrl());
  await redis.flushdb();
  redis.disconnect();
  development = await startPayments();
  const on = { databaseUrl: development.databaseUrl, clock: development.clock };
  production = await startPayments({
    ...on,
    environment: { NODE_ENV: 'production', WEBHOOK_STRIPE_ACCOUNTS: 'acct_ours, acct_too' },
  });
  selective = await startPayments({ ...on, environment: { WEBHOOK_UNNAMED_PAYMENTS: 'stored' } });
  sql = development.app.get(Transactions);
});
beforeEach(async () => {
  personId = newId();
  await admitPersons(sql, [{ personId, cause }], at);
});
afterAll(async () => {
  expect((await verifyLedger(development.databaseUrl)).violations).toEqual([]);
  for (const service of [selective, production, development]) await service.close();
});

const signedAt = () => new Date(development.clock.now().epochMilliseconds);
const intent = (details: object = {}, envelope: object = {}) =>
  stripeEvent(
    secrets.stripe,
    { signedAt: signedAt() },
    'payment_intent.succeeded',
    { id: `pi_${randomUUID()}`, amount: 1_000, currency: 'eur', metadata: { person_id: personId }, ...details },
    envelope as Record<string, unknown>,
  );
const checkout = (details: object) =>
  stripeEvent(secrets.stripe, { signedAt: signedAt() }, 'checkout.session.completed', {
    id: `cs_${randomUUID()}`,
    payment_intent: `pi_${randomUUID()}`,
    amount_total: 1_000,
    currency: 'eur',
    payment_status: 'paid',
    metadata: {},
    ...details,
  });

async function send(notification: Notification, to: PaymentsApp = development) {
  const response = await post(to.url, notification);
  const { verdict, reason } = (await response.json()) as { verdict: string; reason?: string };
  return [response.status, verdict, reason];
}

async function account(owner = personId) {
  const [row] = await sql.query<{ available: number; reserved: number }>(
    `select credits_posted - debits_posted - debits_pending as available, debits_pending as reserved
     from account where owner = $1 and kind = 'person'`,
    [owner],
  );
  return [row?.available ?? 0, row?.reserved ?? 0];
}

const opened = async (amountMinor: number, owner = personId) => {
  const one = order({ personId: owner, amountMinor });
  await openReceivables(sql, [one], at);
  return one.orderId;
};

describe('money of test mode', () => {
  it('credits nobody in production, and is credited in development', async () => {
    const notification = intent({}, { livemode: false });
    expect(await send(notification, production)).toEqual([200, 'stored', 'TEST_MODE']);
    expect(await account()).toEqual([0, 0]);
    expect(await send(intent({}, { livemode: false }), development)).toEqual([200, 'applied', undefined]);
    expect(await account()).toEqual([1_000, 0]);
  });

  it('that is live is credited in production', async () => {
    expect(await send(intent({}, { livemode: true }), production)).toEqual([200, 'applied', undefined]);
    expect(await account()).toEqual([1_000, 0]);
  });

  it('is not refunded in production either', async () => {
    const paid = `pi_${randomUUID()}`;
    await send(intent({ id: paid }, { livemode: true }), production);
    const refunded = stripeEvent(secrets.stripe, { signedAt: signedAt() }, 'refund.created', {
      ...{ id: `re_${randomUUID()}`, payment_intent: paid, amount: 400, currency: 'eur', status: 'succeeded' },
    });
    expect(await send(refunded, production)).toEqual([200, 'stored', 'TEST_MODE']);
    expect(await account()).toEqual([1_000, 0]);
  });
});

describe('money of another account', () => {
  it('credits nobody and waits for an operator, until the account is accepted', async () => {
    const notification = intent({}, { livemode: true, account: 'acct_ours' });
    expect(await send(notification, development)).toEqual([200, 'quarantined', 'ACCOUNT_NOT_ACCEPTED']);
    expect(await account()).toEqual([0, 0]);
    expect(await send(notification, production)).toEqual([200, 'applied', undefined]);
    expect(await account()).toEqual([1_000, 0]);
    expect(await send(intent({}, { livemode: true, account: 'acct_theirs' }), production)).toEqual([
      200,
      'quarantined',
      'ACCOUNT_NOT_ACCEPTED',
    ]);
    expect(await account()).toEqual([1_000, 0]);
  });

  it('is no alarm when nothing of it is money', async () => {
    const elsewhere = { livemode: true, account: 'acct_theirs' };
    const updated = stripeEvent(secrets.stripe, { signedAt: signedAt() }, 'customer.updated', { id: 'cus' }, elsewhere);
    expect(await send(updated, production)).toEqual([200, 'stored', undefined]);
  });
});

describe('the client’s reference of a payment link', () => {
  it('names the order, whichever of the events of its payment comes first', async () => {
    for (const turn of [false, true]) {
      const mine = await opened(1_000);
      const id = `pi_${randomUUID()}`;
      const events = [intent({ id, metadata: {} }), checkout({ payment_intent: id, client_reference_id: mine })];
      const answers = [];
      for (const event of turn ? events.toReversed() : events) answers.push((await send(event))[1]);
      expect(answers).toEqual(['applied', 'duplicate']);
      const [row] = await sql.query<{ state: string }>('select state from receivable where order_id = $1', [mine]);
      expect(row?.state).toBe('reserved');
    }
    expect(await account()).toEqual([0, 2_000]);
  });

  it('never overrules a person who is known', async () => {
    const [other, id] = [newId(), `pi_${randomUUID()}`];
    const theirs = await opened(1_000, other);
    expect(await send(intent({ id }))).toEqual([200, 'applied', undefined]);
    expect(await send(checkout({ payment_intent: id, client_reference_id: theirs }))).toEqual([
      200,
      'duplicate',
      undefined,
    ]);
    const named = { metadata: { person_id: personId }, client_reference_id: theirs };
    expect(await send(checkout(named))).toEqual([200, 'applied', undefined]);
    expect(await account()).toEqual([2_000, 0]);
    expect(await account(other)).toEqual([0, 0]);
  });

  it('that is something else gives way to the metadata of another event, and contradicts none', async () => {
    for (const turn of [false, true]) {
      const mine = await opened(1_000);
      const id = `pi_${randomUUID()}`;
      const events = [
        checkout({ payment_intent: id, client_reference_id: newId() }),
        intent({ id, metadata: { order_id: mine } }),
      ];
      const answers = [];
      for (const event of turn ? events.toReversed() : events) answers.push((await send(event))[1]);
      expect(answers).toEqual(['applied', 'duplicate']);
    }
    expect(await account()).toEqual([0, 2_000]);
  });
});

describe('payments that name nobody', () => {
  const suspense = async () => {
    const [row] = await sql.query<{ balance: number }>(
      `select coalesce(sum(credits_posted - debits_posted), 0)::bigint as balance from account where kind = 'suspense'`,
    );
    return row?.balance;
  };

  it.each([
    ['nothing', {}],
    ['an order of another shop', { metadata: { order_id: '1234' } }],
    ['a customer of another shop', { metadata: { person_id: 'asha' } }],
  ])('are not taken where a setting says so: %s', async (_, names) => {
    const before = await suspense();
    const notification = intent({ metadata: {}, ...names });
    expect(await send(notification, selective)).toEqual([200, 'stored', 'PAYMENT_UNNAMED']);
    expect(await suspense()).toBe(before);
    // It is taken once the setting is another one.
    expect(await send(notification)).toEqual([200, 'applied', undefined]);
    expect(await suspense()).toBe((before ?? 0) + 1_000);
  });

  it('are taken once an event names them', async () => {
    const [mine, id] = [await opened(1_000), `pi_${randomUUID()}`];
    expect(await send(intent({ id, metadata: {} }), selective)).toEqual([200, 'stored', 'PAYMENT_UNNAMED']);
    const named = checkout({ payment_intent: id, client_reference_id: mine });
    expect(await send(named, selective)).toEqual([200, 'applied', undefined]);
    expect(await account()).toEqual([0, 1_000]);
    expect(await send(intent(), selective)).toEqual([200, 'applied', undefined]);
  });
});
