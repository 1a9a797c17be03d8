import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Migration } from '@mikro-orm/migrations';
import { Client } from 'pg';
import { type TestDatabase, testDatabase } from '../../../../test/support/servers/test-database.js';
import type { Database } from '../database.js';
import { type MigrateOptions, migrate } from '../migrate.js';

class Baseline extends Migration {
  override up(): void {
    this.addSql('create type amount as (position int, minor bigint)');
  }
}

class Later extends Migration {
  override up(): void {
    this.addSql('create table later ()');
  }
}

const baseline = { name: '0001-baseline', class: Baseline };
const later = { name: '0002-later', class: Later };

/** A function whose result says which version of the service it belongs to. */
const text = (name: string, version: string) =>
  `create or replace function ${name}() returns text language sql as $$ select '${version}' $$`;

describe('the functions of a service', () => {
  let database: TestDatabase;
  let client: Client;
  let folders: string[];
  let log: string[];

  beforeEach(async () => {
    database = await testDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    folders = [];
    log = [];
  });

  afterEach(async () => {
    await client.end();
    await database.drop();
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  /** A version of the service: its functions by name, and its migrations. */
  async function version(functions: Readonly<Record<string, string>>, migrations = [baseline]): Promise<Database> {
    const folder = await mkdtemp(join(tmpdir(), 'functions-'));
    folders.push(folder);
    for (const [name, sql] of Object.entries(functions)) {
      await writeFile(join(folder, `${name.replaceAll('_', '-')}.sql`), sql);
    }
    return { url: database.url, entities: [], migrations, functionsIn: folder };
  }

  const start = (of: Database, options: MigrateOptions = {}) =>
    migrate(of, { log: (message) => log.push(message), ...options });

  async function result(name: string): Promise<unknown> {
    const { rows } = await client.query(`select ${name}() as result`);
    return rows[0]?.result;
  }

  async function installations(): Promise<number> {
    const { rows } = await client.query('select count(*)::int as count from installed_function');
    return rows[0]?.count;
  }

  it('are installed after the migrations that create their types', async () => {
    const sum = `create or replace function sum_of(amounts amount[]) returns numeric language sql as $$
      select sum(minor) from unnest(amounts) $$`;
    await start(await version({ sum_of: sum }));
    const { rows } = await client.query('select sum_of(array[(1, 5), (2, 7)]::amount[])::int as sum');
    expect(rows).toEqual([{ sum: 12 }]);
  });

  it('are installed once by several instances that start at once', async () => {
    const one = await version({ one: text('one', 'a'), two: text('two', 'a') });
    await Promise.all([start(one), start(one), start(one), start(one)]);
    expect(await installations()).toBe(2);
    expect(await result('one')).toBe('a');
  });

  it('are replaced where their text has changed, and nowhere else', async () => {
    await start(await version({ one: text('one', 'a'), two: text('two', 'a') }));
    await start(await version({ one: text('one', 'b'), two: text('two', 'a') }));
    expect(await installations()).toBe(3);
    expect([await result('one'), await result('two')]).toEqual(['b', 'a']);
  });

  it('stay as they are when an older version starts after a newer one', async () => {
    const older = await version({ one: text('one', 'a') });
    await start(older);
    await start(await version({ one: text('one', 'b') }));
    await start(older);
    expect(await result('one')).toBe('b');
    expect(log).toEqual(['function one is left as it is: the text of one.sql was superseded in this database']);
  });

  it('stay as they are when the database has a migration that the version does not list', async () => {
    await start(await version({ one: text('one', 'b') }, [baseline, later]));
    await start(await version({ one: text('one', 'never installed here') }));
    expect(await result('one')).toBe('b');
    expect(log).toEqual(['functions are left as they are: the database has migrations of a newer version']);
  });

  it('are put back by a rollback that says so, and renewed by the roll-out after it', async () => {
    const [older, newer] = [await version({ one: text('one', 'a') }), await version({ one: text('one', 'b') })];
    await start(older);
    await start(newer);
    await start(older, { forceFunctions: true });
    expect(await result('one')).toBe('a');
    await start(newer);
    expect(await result('one')).toBe('b');
    await start(older);
    expect(await result('one')).toBe('b');
  });

  it('are created again after something has dropped them', async () => {
    const one = await version({ one: text('one', 'a') });
    await start(one);
    await client.query('drop function one()');
    await start(one);
    expect(await result('one')).toBe('a');
  });

  it('are all left as they were when one of them cannot be created', async () => {
    await start(await version({ one: text('one', 'a'), two: text('two', 'a') }));
    const broken = `create or replace function two() returns no_such_type language sql as $$ select 1 $$`;
    const failed = start(await version({ one: text('one', 'b'), two: broken }));
    await expect(failed).rejects.toThrow('two.sql: type "no_such_type" does not exist');
    expect([await result('one'), await result('two')]).toEqual(['a', 'a']);
    expect(await installations()).toBe(2);
  });

  it('are refused a second signature under one name', async () => {
    await start(await version({ one: text('one', 'a') }));
    const changed = `create or replace function one(value int) returns int language sql as $$ select value $$`;
    await expect(start(await version({ one: changed }))).rejects.toThrow(
      'a changed signature needs a new function name; two signatures have: one',
    );
    expect(await result('one')).toBe('a');
  });

  it('change nothing, migrations included, when a file is not named as its function', async () => {
    await expect(start(await version({ two: text('one', 'a') }))).rejects.toThrow('two.sql: creates the function one');
    const { rows } = await client.query(`select to_regclass('migration') as migrations`);
    expect(rows).toEqual([{ migrations: null }]);
  });
});
