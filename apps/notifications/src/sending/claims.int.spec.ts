import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { NotificationsHarness } from '../../test/notifications-harness.js';
import { ClaimsStore } from './claims.store.js';

let harness: NotificationsHarness;
let second: NotificationsHarness;

beforeAll(async () => {
  harness = await NotificationsHarness.open();
  second = await NotificationsHarness.open(harness);
});
afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
});

const url = 'https://hooks.example.org/';
const claim = (instance = harness, most = 100, parallel = 8) => {
  const now = harness.clock.now();
  const limits = { claim: newId(), parallel, most };
  return instance.get(ClaimsStore).claim(limits, now, now.add({ seconds: 60 }));
};

it('two instances claim nothing twice, and of one endpoint no more at once than it may get', async () => {
  const [one, two] = [await harness.endpoint(url), await harness.endpoint(url)];
  await harness.record(...Array.from({ length: 50 }, () => harness.event()));
  harness.clock.moveBy({ seconds: 2 });
  const claimed = (await Promise.all([claim(), claim(second), claim(), claim(second)])).flat();
  expect(new Set(claimed.map(({ id }) => id)).size).toBe(claimed.length);
  expect(await claim()).toEqual([]);
  for (const { id } of [one, two]) {
    const count = claimed.filter(({ endpointId }) => endpointId === id).length;
    expect(count).toBeGreaterThanOrEqual(8);
    // Each instance sees the claims of the others that are committed.
    expect(count).toBeLessThanOrEqual(8 * 4);
  }
  harness.clock.moveBy({ seconds: 61 });
  expect((await claim()).length).toBe(16);
});

it('an endpoint with a backlog leaves room for the others', async () => {
  await harness.query(`update webhook_endpoint set status = 'paused'`);
  const backlogged = await harness.endpoint(url);
  await harness.record(...Array.from({ length: 50 }, () => harness.event()));
  harness.clock.moveBy({ hours: 1 });
  const fresh = await harness.endpoint(url);
  await harness.record(...Array.from({ length: 5 }, () => harness.event()));
  harness.clock.moveBy({ seconds: 2 });
  const claimed = await claim(harness, 6);
  const counted = Map.groupBy(claimed, ({ endpointId }) => endpointId);
  expect([counted.get(backlogged.id)?.length, counted.get(fresh.id)?.length]).toEqual([3, 3]);
});

it('looks at what is due, and not at what waits or is done', async () => {
  await harness.query(`update webhook_endpoint set status = 'paused'`);
  const { id } = await harness.endpoint(url);
  const now = harness.clock.now();
  await harness.query(
    `insert into webhook_event (id, type, subject, occurred_at, data, recipients, received_at)
     values (gen_random_uuid(), 'subscriptions.order-opened.v1', 'many', $1, '{}', 0, $1)`,
    [now],
  );
  await harness.query(
    `insert into webhook_delivery (endpoint_id, event_id, type, subject, occurred_at, state, due_at, tried_since,
       created_at)
     select $1, gen_random_uuid(), 't', 'subject ' || (n % 5000), $2::timestamptz,
       case when n % 2 = 0 then 'delivered' else 'pending' end, $2::timestamptz + interval '1 day', $2::timestamptz,
       $2::timestamptz
     from generate_series(1, 40000) as n`,
    [id, now],
  );
  await harness.query('analyze webhook_delivery');
  await harness.record(...Array.from({ length: 4 }, () => harness.event()));
  harness.clock.moveBy({ seconds: 2 });
  const rows = await harness.get(Transactions).run(async (tx) => {
    const at = harness.clock.now();
    const claimed = await tx.query(`select id from claim_webhook_deliveries($1, $2, $3, 8, 100)`, [
      at,
      at.add({ seconds: 60 }),
      newId(),
    ]);
    const [read] = await tx.query<{ seq: number; fetched: number }>(
      `select seq_tup_read as seq, coalesce(idx_tup_fetch, 0) as fetched from pg_stat_xact_user_tables
       where relname = 'webhook_delivery'`,
    );
    return { claimed: claimed.length, ...read };
  });
  expect(rows).toMatchObject({ claimed: 4, seq: 0 });
  expect(rows.fetched).toBeLessThan(200);
  await harness.query(`delete from webhook_delivery where endpoint_id = $1`, [id]);
});
