import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { type ActionService, actionServices } from '#contracts/actions.js';
import { ormOptions } from '#persistence/database.js';
import { migrate } from '#persistence/migrate.js';
import type { Paging } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { serviceDatabases } from '../../../../test/support/database/service-databases.js';
import { changingList, expectStablePages } from '../../../../test/support/lists/pages.js';
import { recordStatements } from '../../../../test/support/lists/plans.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/servers/test-database.js';
import type { MessagingOptions } from '../messaging.options.js';
import { ActionLog } from './action-log.js';

/** The indexes that find the actions of a filter, and what is looked up in them after a cursor. */
const filters = {
  'of everybody': [{}, /ROW\(recorded_at, id\) < /],
  'of an author': [{ author: 'ravi' }, /author = .*ROW\(recorded_at, id\) < /],
  'of a kind': [{ kind: 'approve-order' }, /kind = .*ROW\(recorded_at, id\) < /],
} as const;

describe.each(actionServices)('the actions that %s has recorded', (service: ActionService) => {
  let statements: ReturnType<typeof recordStatements>;
  let database: TestDatabase;
  let orm: MikroORM;
  let sql: Transactions;
  let log: ActionLog;

  beforeAll(async () => {
    statements = recordStatements();
    const describeDatabase = serviceDatabases[service];
    database = await testDatabase((url) => migrate(describeDatabase(url)));
    orm = await MikroORM.init(ormOptions({ ...describeDatabase(database.url), poolMax: 4 }));
    sql = new Transactions(orm);
    log = new ActionLog({ service, catalogue: { events: [], requests: [] } } as unknown as MessagingOptions);
    await add(10);
  });
  afterAll(async () => {
    await orm.close(true);
    await database.drop();
    statements[Symbol.dispose]();
  });

  /** Some of one instant, with random ids; every third by somebody else, or of another kind. */
  const add = (count: number) =>
    sql.query(
      `insert into admin_action (id, command_id, kind, subjects, author, role, recorded_at)
       select gen_random_uuid(), gen_random_uuid()::text, k, array['order'], a, 'admin',
         timestamptz '2026-03-02' + (i / 3) * interval '1 us'
       from generate_series(1, $1) i,
         unnest(array['ravi', 'ravi', 'mia'], array['approve-order', 'cancel-order', 'approve-order']) one (a, k)`,
      [count],
    );

  const actions = (filter: object) =>
    changingList(
      (paging: Paging) => log.list(sql, { ...filter, ...paging }) as never,
      ({ action_id }: { action_id: string }) => action_id,
      () => add(2),
    );

  it.each(Object.entries(filters))(
    '%s: those that arrive between two pages repeat and skip none',
    async (_, [filter]) => {
      await expectStablePages(actions(filter));
    },
  );

  it.each(Object.entries(filters))('%s: an index leads to the page after a cursor', async (_, [filter, lookedUp]) => {
    const { next_cursor: after } = await actions(filter).read({ limit: 3 });
    const plan = await statements.planOf(database.url, () =>
      actions(filter).read({ limit: 3, count: false, after: String(after) }),
    );
    for (const node of ['Seq Scan', 'Sort', 'Incremental Sort']) expect(plan.nodes).not.toContain(node);
    expect(plan.lookedUp.join()).toMatch(lookedUp);
  });

  it('about a subject: the index of subjects finds them', async () => {
    // An index of lists is read as a bitmap; the others are left out.
    const plan = await statements.planOf(
      database.url,
      () => log.list(sql, { subject: 'order', limit: 3, count: false }),
      ['seqscan', 'indexscan'],
    );
    expect(plan.lookedUp.join()).toMatch(/subjects @> /);
  });
});
