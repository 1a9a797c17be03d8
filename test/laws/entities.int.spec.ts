import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import { migrate } from '#persistence/migrate.js';
import { entityDifferences } from '../support/database/entity-differences.js';
import { serviceDatabases } from '../support/database/service-databases.js';
import { type TestDatabase, testDatabase } from '../support/servers/test-database.js';

describe.each(Object.entries(serviceDatabases))('the entities of %s', (_, describeDatabase) => {
  it('describe its migrated database', async () => {
    const database = await testDatabase((url) => migrate(describeDatabase(url)));
    try {
      expect(await entityDifferences(describeDatabase(database.url))).toEqual([]);
    } finally {
      await database.drop();
    }
  });
});

/** Reaches for what entities have to say: an identity, a key over two columns, checks, odd indexes, storage. */
const SeatEntity = completedBySql(
  defineEntity({
    name: 'Seat',
    tableName: 'seat',
    comment: 'One row per seat.',
    properties: {
      id: column.identity().primary(),
      room: column.ascii(),
      number: p.integer().check('number > 0'),
      takenBy: p.uuid().nullable().comment('The person, or null while the seat is free.'),
      priceMinor: column.bigint().default(0),
      tags: column.texts().defaultRaw(`'{}'`),
      extra: column.jsonb<object>().nullable(),
      takenAt: column.instant().defaultRaw('now()'),
      day: column.day().nullable(),
      note: column.json<object>().nullable(),
      picture: column.bytes().nullable(),
    },
    uniques: [{ properties: ['room', 'number'] }],
    indexes: [
      { properties: ['takenBy'], where: 'taken_by is not null' },
      { name: 'seat_lower_room', expression: 'create index seat_lower_room on seat (lower(room))' },
    ],
    checks: [{ name: 'seat_price', expression: 'price_minor >= 0' }],
  }),
  'alter table seat set (fillfactor = 80)',
);

const seatTable = `
  create table seat (
    id bigint generated always as identity primary key,
    room text collate "C" not null,
    number integer not null check (number > 0),
    taken_by uuid,
    price_minor bigint not null default 0 constraint seat_price check (price_minor >= 0),
    tags text[] not null default '{}',
    extra jsonb,
    taken_at timestamptz not null default now(),
    day date,
    note json,
    picture bytea,
    unique (room, number)
  ) with (fillfactor = 80);
  create index on seat (taken_by) where taken_by is not null;
  create index seat_lower_room on seat (lower(room));
  comment on table seat is 'One row per seat.';
  comment on column seat.taken_by is 'The person, or null while the seat is free.'`;

describe('the comparison of entities and database', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await testDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  async function differencesAfter(change: string): Promise<string[]> {
    await client.query(`drop schema public cascade; create schema public; ${seatTable}; ${change}`);
    return entityDifferences({ url: database.url, entities: [SeatEntity], migrations: [] });
  }

  it('finds nothing where they agree', async () => {
    expect(await differencesAfter('')).toEqual([]);
  });

  it.each([
    [
      'another column',
      'alter table seat add column row integer',
      ['only in the database: table seat column row integer'],
    ],
    [
      'a missing index',
      'drop index seat_lower_room',
      ['only in the entities: table seat index CREATE INDEX seat_lower_room ON seat USING btree (lower(room))'],
    ],
    ['another table', 'create table bench ()', ['only in the database: table bench is r p with comment']],
    [
      'another check',
      'alter table seat drop constraint seat_price, add constraint seat_price check (price_minor > 0)',
      [
        'only in the entities: table seat constraint seat_price CHECK ((price_minor >= 0))',
        'only in the database: table seat constraint seat_price CHECK ((price_minor > 0))',
      ],
    ],
    [
      'another default',
      'alter table seat alter column taken_at set default clock_timestamp()',
      [
        'only in the database: table seat column taken_at timestamp with time zone not null default clock_timestamp()',
        'only in the entities: table seat column taken_at timestamp with time zone not null default now()',
      ],
    ],
    [
      'other storage',
      'alter table seat reset (fillfactor)',
      [
        'only in the database: table seat is r p with comment One row per seat.',
        'only in the entities: table seat is r p with {fillfactor=80} comment One row per seat.',
      ],
    ],
    [
      'a trigger',
      `create function stay() returns trigger language plpgsql as 'begin return null; end';
       create trigger stay before delete on seat for each row execute function stay()`,
      [
        'only in the database: table seat trigger CREATE TRIGGER stay BEFORE DELETE ON seat FOR EACH ROW EXECUTE FUNCTION stay()',
      ],
    ],
  ])('finds %s', async (_, change, differences) => {
    expect((await differencesAfter(change)).sort()).toEqual([...differences].sort());
  });

  it('finds a missing table', async () => {
    expect(await differencesAfter('drop table seat')).toContain(
      'only in the entities: table seat constraint seat_room_number_key UNIQUE (room, number)',
    );
  });
});
