import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from '#persistence/database.js';
import { migrate } from '#persistence/migrate.js';
import { Transactions } from '#persistence/transaction.js';
import { changingList, expectStablePages } from '../../../test/support/lists/pages.js';
import { recordStatements } from '../../../test/support/lists/plans.js';
import { type TestDatabase, testDatabase } from '../../../test/support/servers/test-database.js';
import { ActionsStore } from '../src/actions/actions.store.js';
import { opsDatabase } from '../src/database.js';

let statements: ReturnType<typeof recordStatements>;
let database: TestDatabase;
let orm: MikroORM;
let sql: Transactions;

beforeAll(async () => {
  statements = recordStatements();
  database = await testDatabase((url) => migrate(opsDatabase(url)));
  orm = await MikroORM.init(ormOptions({ ...opsDatabase(database.url), poolMax: 4 }));
  sql = new Transactions(orm);
  await add(10);
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
  statements[Symbol.dispose]();
});

/** Some of one instant, with random ids. */
const add = (count: number) =>
  sql.query(
    `insert into operator_actions (id, kind, place, operator, requested_at)
     select gen_random_uuid(), 'replay', 'payments', 'ravi', timestamptz '2026-03-02' + (i / 3) * interval '1 us'
     from generate_series(1, $1) i`,
    [count],
  );

const actions = changingList(
  (paging) => new ActionsStore(sql).page(paging),
  ({ id }) => id,
  () => add(5),
);

it('actions that are recorded between two pages repeat and skip none', async () => {
  await expectStablePages(actions);
});

it('an index leads to the actions after a cursor, in order', async () => {
  const { next_cursor: after } = await actions.read({ limit: 3 });
  const plan = await statements.planOf(database.url, () =>
    actions.read({ limit: 3, count: false, after: String(after) }),
  );
  for (const node of ['Seq Scan', 'Sort', 'Incremental Sort']) expect(plan.nodes).not.toContain(node);
  expect(plan.lookedUp.join()).toMatch(/ROW\(requested_at, id\) < /);
});
