import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Migration } from '@mikro-orm/migrations';
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { eventually } from '../../../test/support/eventually.js';
import { type TestDatabase, testDatabase } from '../../../test/support/servers/test-database.js';
import { ormOptions } from './database.js';
import { readDatabaseUrl } from './database-url.js';
import { CalendarDayColumn, InstantColumn } from './entities/column-types.js';
import { databaseFault } from './faults.js';
import { migrate } from './migrate.js';
import { Transactions } from './transaction.js';

class Lesson {
  id!: string;
  seats!: number;
  startsAt!: Temporal.Instant;
  day!: Temporal.PlainDate | null;
}

const LessonTable = defineEntity({
  class: Lesson,
  tableName: 'lesson',
  properties: {
    id: p.uuid().primary(),
    seats: p.bigint('number'),
    startsAt: p.type(InstantColumn),
    day: p.type(CalendarDayColumn).nullable(),
  },
});

class CreateLessons extends Migration {
  override up(): void {
    this.addSql(
      'create table lesson (id uuid primary key, seats bigint not null check (seats >= 0), starts_at timestamptz not null, day date)',
    );
    this.addSql(
      `create table bounds as select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout')`,
    );
  }
}

describe('a database that is there already', () => {
  it('is migrated by a role that is let into nothing else', async () => {
    const database = await testDatabase();
    const role = `${database.name}_owner`;
    const server = new Client({ connectionString: database.url });
    await server.connect();
    try {
      await server.query(`create role ${role} login password 'secret'`);
      await server.query(`alter database ${database.name} owner to ${role}`);
      await server.query('revoke connect on database postgres from public');
      const url = new URL(database.url);
      url.username = role;
      url.password = 'secret';
      const described = {
        url: url.href,
        entities: [LessonTable],
        migrations: [{ name: 'create-lessons', class: CreateLessons }],
      };
      await migrate(described);
      expect((await server.query('select from lesson')).rowCount).toBe(0);
    } finally {
      await server.query('grant connect on database postgres to public');
      await server.end();
      await database.drop();
      await dropRole(role);
    }
  });
});

async function dropRole(role: string): Promise<void> {
  const rest = await testDatabase();
  const server = new Client({ connectionString: rest.url });
  await server.connect();
  await server.query(`drop role ${role}`);
  await server.end();
  await rest.drop();
}

describe('a service’s database', () => {
  let database: TestDatabase;
  let orm: MikroORM;
  let transactions: Transactions;

  beforeAll(async () => {
    database = await testDatabase();
    const described = {
      url: database.url,
      entities: [LessonTable],
      migrations: [{ name: 'create-lessons', class: CreateLessons }],
    };
    await Promise.all([migrate(described), migrate(described)]);
    orm = await MikroORM.init(ormOptions(described));
    transactions = new Transactions(orm);
  });

  afterAll(async () => {
    await orm.close(true);
    await database.drop();
  });

  it('is named after the service on the server that is given', () => {
    const server = 'postgresql://me:secret@db:5432/postgres?sslmode=disable';
    expect(readDatabaseUrl('payments', { DATABASE_URL: server })).toBe(
      'postgresql://me:secret@db:5432/matricula_payments?sslmode=disable',
    );
  });

  it('gives migrations all the time they need, but not for waiting on locks', async () => {
    expect(await transactions.query('select name, setting from bounds order by name')).toEqual([
      { name: 'lock_timeout', setting: '5000' },
      { name: 'statement_timeout', setting: '0' },
    ]);
  });

  it('gives back instants, days and whole numbers as they were given', async () => {
    const startsAt = Temporal.Instant.from('2026-03-29T01:30:00.123456Z');
    const day = Temporal.PlainDate.from('2026-02-28');
    const id = '0199c6a8-0000-7000-8000-000000000001';
    await transactions.run(async (tx) => {
      tx.em.create(Lesson, { id, seats: 9_000_000_000_000, startsAt, day });
    });
    const [raw] = await transactions.query<{ seats: number; starts_at: Temporal.Instant; day: Temporal.PlainDate }>(
      'select seats, starts_at, day from lesson where id = any($1) and starts_at = $2 and day = any($3::date[])',
      [[id], startsAt, [day]],
    );
    expect(raw?.seats).toBe(9_000_000_000_000);
    expect(raw?.starts_at.equals(startsAt)).toBe(true);
    expect(raw?.day.equals(day)).toBe(true);
    const mapped = await orm.em.fork().findOneOrFail(Lesson, id);
    expect(mapped.startsAt.equals(startsAt)).toBe(true);
    expect(mapped.day?.equals(day)).toBe(true);
    expect(mapped.seats).toBe(9_000_000_000_000);
  });

  it('refuses to round what does not fit into a whole number', async () => {
    await expect(transactions.query('select 9007199254740993::bigint')).rejects.toThrow('does not fit');
  });

  it('keeps nothing of a transaction that failed', async () => {
    const id = '0199c6a8-0000-7000-8000-000000000002';
    const failed = transactions.run(async (tx) => {
      await tx.query('insert into lesson (id, seats, starts_at) values ($1, 1, now())', [id]);
      await tx.query('update lesson set seats = -1 where id = $1', [id]);
    });
    const error = await failed.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: '23514' });
    expect(databaseFault(error)).toBe('other');
    expect(await transactions.query('select from lesson where id = $1', [id])).toEqual([]);
  });

  it('sees the ORM’s work and plain SQL in one transaction', async () => {
    const id = '0199c6a8-0000-7000-8000-000000000003';
    await transactions.run(async (tx) => {
      await tx.query('insert into lesson (id, seats, starts_at) values ($1, 5, now())', [id]);
      const lesson = await tx.em.findOneOrFail(Lesson, id);
      lesson.seats -= 2;
    });
    expect(await transactions.query('select seats from lesson where id = $1', [id])).toEqual([{ seats: 3 }]);
  });

  it('prepares a statement once per connection, and anew when its table has changed', async () => {
    const read = () => transactions.query<{ note?: string }>('select * from remark where id = $1', [1]);
    await transactions.query('create table remark (id int)');
    await transactions.query('insert into remark values ($1)', [1]);
    await read();
    await read();
    const prepared = await transactions.query<{ count: number }>(
      'select count(*) from pg_prepared_statements where statement = $1',
      ['select * from remark where id = $1'],
    );
    expect(prepared).toEqual([{ count: 1 }]);
    await transactions.query(`alter table remark add column note text default 'new'`);
    const stale = await read().catch((reason: unknown) => reason);
    expect(databaseFault(stale)).toBe('contention');
    expect(await read()).toEqual([{ id: 1, note: 'new' }]);
  });

  it('loses no connection of its pool when backends are shot at any moment', async () => {
    const pid = '0199c6a8-0000-7000-8000-000000000009';
    await transactions.query('insert into lesson (id, seats, starts_at) values ($1, 0, now())', [pid]);
    let over = false;
    const worker = async () => {
      while (!over) {
        await transactions
          .run(async (tx) => {
            await tx.query('update lesson set seats = seats + 1 where id = $1', [pid]);
            await tx.query('select count(*) from lesson where seats >= $1', [0]);
          })
          .catch(() => undefined);
        await transactions.query('select 1 where $1 = 1', [1]).catch(() => undefined);
      }
    };
    const workers = Array.from({ length: 12 }, worker);
    const gunman = new Client({ connectionString: database.url });
    await gunman.connect();
    for (let shot = 0; shot < 60; shot += 1) {
      await gunman.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and random() < 0.4`,
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await gunman.end();
    over = true;
    await Promise.all(workers);
    await eventually(async () => expect(await transactions.query('select 1 as one')).toEqual([{ one: 1 }]));
    const atOnce = Array.from({ length: 8 }, () => transactions.query('select pg_sleep(0.2)'));
    await Promise.all(atOnce);
  });

  it('says that it is away when its backend is shot, and works again when the pool has noticed', async () => {
    const shot = transactions.query('select pg_terminate_backend(pg_backend_pid())');
    expect(databaseFault(await shot.catch((reason: unknown) => reason))).toBe('away');
    await eventually(async () => expect(await transactions.query('select 1 as one')).toEqual([{ one: 1 }]));
  });
});
