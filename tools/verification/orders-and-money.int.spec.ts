import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '#kernel/ids.js';
import { migrate } from '#persistence/migrate.js';
import { paymentsDatabase } from '../../apps/payments/src/database.js';
import { subscriptionsDatabase } from '../../apps/subscriptions/src/database.js';
import { type TestDatabase, testDatabase } from '../../test/support/servers/test-database.js';
import { compareOrdersAndMoney, describeComparison } from './orders-and-money.ts';

const person = newId();
const classId = newId();
/** Small, so that a few orders are many pages. */
const settings = { pageRows: 3, patienceMs: 300, pauseMs: 10 };

let databases: { subscriptions: TestDatabase; payments: TestDatabase };
let subscriptions: pg.Client;
let payments: pg.Client;

beforeAll(async () => {
  databases = {
    subscriptions: await testDatabase((url) => migrate(subscriptionsDatabase(url))),
    payments: await testDatabase((url) => migrate(paymentsDatabase(url))),
  };
  subscriptions = await open(databases.subscriptions.url);
  payments = await open(databases.payments.url);
  // What the constraints and guards keep out has to get in for once, to be found.
  await subscriptions.query(
    'alter table orders drop constraint orders_state_and_instants, drop constraint orders_money_and_window',
  );
  await subscriptions.query('drop index orders_open');
  await payments.query(`set session_replication_role = 'replica'`);
  await payments.query(
    `insert into account (kind, owner, currency, opened_at)
     values ('person', $1, 'EUR', now()), ('class', $2, 'EUR', now()), ('person', 'somebody else', 'EUR', now())`,
    [person, classId],
  );
});
afterAll(async () => {
  for (const client of [subscriptions, payments]) await client.end();
  for (const database of Object.values(databases)) await database.drop();
});

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

interface Terms {
  readonly amountMinor?: number;
  readonly reservedMinor?: number;
  readonly payer?: string;
  readonly transferId?: string;
}

async function order(state: string, { amountMinor = 500, transferId }: Terms = {}, id = newId()): Promise<string> {
  await subscriptions.query(
    `insert into orders (id, person_id, class_id, state, rule_id, rule_version, parameters, trace, amount_minor,
       currency, start_date, approval_required, opened_at, transfer_id,
       subscription_id)
     values ($1, $2, $3, $4, $1, 1, '{}', '[]', $5, 'EUR', '2026-01-01', false, now(), $6, $1)`,
    [id, person, classId, state, amountMinor, transferId],
  );
  return id;
}

async function reservation(orderId: string, state: string, terms: Terms = {}, id = newId()): Promise<string> {
  await payments.query(
    `insert into transfer (id, source_key, movement, debit_account, credit_account, amount_minor, currency, state,
       order_id, created_at, resolved_at)
     select $1::uuid, 'reserve/' || $1::text, 'reserve', d.id, c.id, $2, 'EUR', $3::text, $4, now(),
       case when $3 <> 'pending' then now() end
     from account d, account c where d.owner = $5 and c.owner = $6`,
    [id, terms.reservedMinor ?? 500, state, orderId, terms.payer ?? person, classId],
  );
  return id;
}

async function empty(): Promise<void> {
  await subscriptions.query('truncate orders');
  await payments.query('truncate transfer');
}

const compare = (underWay: () => Promise<string[]> = async () => []) =>
  compareOrdersAndMoney(
    { subscriptions: databases.subscriptions.url, payments: databases.payments.url },
    underWay,
    settings,
  );

/** Sound ones of every state, before and after what a test adds. */
async function soundOrders(): Promise<void> {
  for (const [state, money] of [
    ['opened', undefined],
    ['confirmed', 'pending'],
    ['closed', 'posted'],
    ['cancelled', undefined],
    ['cancelled', 'voided'],
    ['expired', 'voided'],
  ] as const) {
    const id = await order(state);
    if (money) await reservation(id, money);
  }
  await order('closed', { amountMinor: 0 });
}

describe('orders and their money, compared in pages', () => {
  it('agree in every state that lasts', async () => {
    await empty();
    await soundOrders();
    await soundOrders();
    const comparison = await compare();
    expect(comparison).toEqual({
      orders: 14,
      reservations: 8,
      violations: [],
      waiting: [],
      underWay: [],
      leftOut: 0,
    });
    expect(describeComparison(comparison)).toBe(
      'holds   each order has the money that its state asks for (14 orders, 8 reservations)',
    );
  });

  it.each<[string, (id: string) => Promise<unknown>, RegExp]>([
    ['a closed order without money', (id) => order('closed', {}, id), /is closed, its money is not reserved/],
    [
      'a closed order whose reservation is voided',
      async (id) => [await order('closed', {}, id), await reservation(id, 'voided')],
      /is closed, its money is voided/,
    ],
    [
      'a closed order whose reservation is pending',
      async (id) => [await order('closed', {}, id), await reservation(id, 'pending')],
      /is closed, its money is pending/,
    ],
    ['a confirmed order without money', (id) => order('confirmed', {}, id), /is confirmed, its money is not reserved/],
    [
      'a cancelled order whose money was posted',
      async (id) => [await order('cancelled', {}, id), await reservation(id, 'posted')],
      /is cancelled, its money is posted/,
    ],
    [
      'an expired order whose money stays reserved',
      async (id) => [await order('expired', {}, id), await reservation(id, 'pending')],
      /is expired, its money is pending/,
    ],
    [
      'an opened order whose money was voided',
      async (id) => [await order('opened', {}, id), await reservation(id, 'voided')],
      /is opened, its money is voided/,
    ],
    ['money of an order that does not exist', (id) => reservation(id, 'posted'), /does not exist, its money is posted/],
    [
      'money of an order that costs nothing',
      async (id) => [await order('closed', { amountMinor: 0 }, id), await reservation(id, 'posted')],
      /it costs nothing/,
    ],
    [
      'another amount',
      async (id) => [await order('closed', {}, id), await reservation(id, 'posted', { reservedMinor: 499 })],
      /costs 500 EUR, and 499 EUR are reserved/,
    ],
    [
      'money of somebody else',
      async (id) => [await order('closed', {}, id), await reservation(id, 'posted', { payer: 'somebody else' })],
      /its money goes from somebody else/,
    ],
    [
      'another reservation than the one that confirmed it',
      async (id) => [await order('closed', { transferId: newId() }, id), await reservation(id, 'posted')],
      /was confirmed by the reservation/,
    ],
    [
      'a second reservation',
      async (id) => [await order('closed', {}, id), await reservation(id, 'posted'), await reservation(id, 'posted')],
      /has 2 reservations/,
    ],
  ])('find %s', async (_, damage, says) => {
    await empty();
    await soundOrders();
    const id = newId();
    await damage(id);
    await soundOrders();
    const { violations, waiting } = await compare();
    expect(waiting).toEqual([]);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(id);
    expect(violations[0]).toMatch(says);
  });

  it('that wait for a message are distinguished from what no message can mend', async () => {
    await empty();
    await soundOrders();
    const [waits, broken] = [await order('closed'), await order('closed')];
    await reservation(waits, 'pending');
    await reservation(broken, 'voided');
    const comparison = await compare(async () => ['3 messages wait in payments']);
    expect(comparison).toMatchObject({
      violations: [`order ${broken} is closed, its money is voided`],
      waiting: [`order ${waits} is closed, its money is pending`],
      underWay: ['3 messages wait in payments'],
    });
    expect(describeComparison(comparison)).toContain(
      'waits   1 orders, for what is under way: 3 messages wait in payments',
    );
  });

  it('are no violation when what was under way arrives meanwhile', async () => {
    await empty();
    const id = await order('closed');
    await reservation(id, 'pending');
    let looks = 0;
    const comparison = await compare(async () => {
      looks += 1;
      if (looks < 3) return ['3 messages wait in payments'];
      await payments.query(`update transfer set state = 'posted', resolved_at = now() where order_id = $1`, [id]);
      return [];
    });
    expect(comparison).toMatchObject({ violations: [], waiting: [] });
  });
});
