import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { type TestDatabase, testDatabase } from '../../../test/support/servers/test-database.js';
import { CompositeSet } from './composite-set.js';
import { ormOptions } from './database.js';
import { databaseFault } from './faults.js';
import { Transactions } from './transaction.js';

let database: TestDatabase;
let orm: MikroORM;
let sql: Transactions;

beforeAll(async () => {
  database = await testDatabase();
  orm = await MikroORM.init(ormOptions({ url: database.url, entities: [], migrations: [] }));
  sql = new Transactions(orm);
  await sql.query(`create type seat_cause as (correlation_id text)`);
  await sql.query(
    `create type seat as (position bigint, id uuid, note text, amount_minor bigint, free boolean, taken_at timestamptz,
       picture bytea, cause seat_cause)`,
  );
});

afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

const read = (items: readonly object[]) =>
  sql.query(
    `select s.position, s.id, s.note, s.amount_minor, s.free, s.taken_at, s.picture, (s.cause).correlation_id as cause
     from unnest($1::seat[]) s`,
    [new CompositeSet('seat', items)],
  );

it('takes each attribute from the member of its name, in any order of members', async () => {
  const id = '01900000-0000-7000-8003-00000000000a';
  const takenAt = Temporal.Instant.from('2026-03-02T09:00:00.123456Z');
  const picture = Buffer.from([0, 255, 92]);
  const seat = { takenAt, free: true, id, picture, amountMinor: -1_000_000_000_000, note: 'a "b" \\ é 😀' };
  expect(await read([{ ...seat, cause: { correlationId: 'run' }, other: 1 }])).toEqual([
    {
      position: 1,
      id,
      note: 'a "b" \\ é 😀',
      amount_minor: -1_000_000_000_000,
      free: true,
      taken_at: takenAt,
      picture,
      cause: 'run',
    },
  ]);
});

it('keeps the order, counts positions where the items have none, and leaves null what they lack', async () => {
  const rows = await read([{ note: 'x'.repeat(40_000) }, { position: 7, note: null }, { cause: null }]);
  expect(rows).toMatchObject([{ position: 1 }, { position: 7, note: null }, { position: 3, id: null, cause: null }]);
});

it('is empty where there are no items', async () => {
  expect(await read([])).toEqual([]);
});

it('writes U+FFFD in place of half a surrogate pair, as text does', async () => {
  expect(await read([{ note: '\ud83d' }])).toMatchObject([{ note: '\ufffd' }]);
});

it('refuses a type that the database does not have', async () => {
  await expect(sql.query('select $1::text', [new CompositeSet('bench', [])])).rejects.toThrow(
    'no composite type bench',
  );
});

it('is refused once, as contention, after a migration has appended to its type', async () => {
  await sql.query('create type row_of_seats as (position bigint, note text)');
  const count = () =>
    sql.query('select count(*) from unnest($1::row_of_seats[])', [new CompositeSet('row_of_seats', [{ note: 'a' }])]);
  await count();
  await sql.query('alter type row_of_seats add attribute length bigint');
  const refused = await count().catch((error: unknown) => error);
  expect(databaseFault(refused)).toBe('contention');
  expect(await count()).toEqual([{ count: 1 }]);
});
