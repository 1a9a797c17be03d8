import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { paymentsDatabase } from '../../../apps/payments/src/database.js';
import { Baseline } from '../../../apps/payments/src/migrations/baseline.migration.js';
import { type TestDatabase, testDatabase } from '../../../test/support/servers/test-database.js';
import { serverUrl } from '../../../test/support/servers/test-server.js';
import { migrate } from './migrate.js';
import { provisionDatabase } from './provision.js';

const notAllowed = { code: '42501' };

describe('the roles of a service', () => {
  const suffix = randomBytes(3).toString('hex');
  const roles = { owner: `ledger_${suffix}_owner`, runtime: `ledger_${suffix}` };
  const name = `grants_${suffix}`;
  let admin: Client;
  let runtime: Client;
  let plan: { ownerUrl: string; runtimeUrl: string };
  let other: TestDatabase;

  const urlOf = (username: string, password: string) =>
    Object.assign(serverUrl('DATABASE_URL'), { username, password, pathname: `/${name}` }).href;
  const connected = async (url: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    admin = await connected(serverUrl('DATABASE_URL').href);
    plan = { ownerUrl: urlOf(roles.owner, 'first'), runtimeUrl: urlOf(roles.runtime, 'fir:st/@') };
    await provisionDatabase(serverUrl('DATABASE_URL').href, plan);
    await migrate(paymentsDatabase(plan.ownerUrl), { runtimeRole: roles.runtime, log: () => {} });
    runtime = await connected(plan.runtimeUrl);
    other = await testDatabase();
  });
  afterAll(async () => {
    await runtime.end();
    await other.drop();
    await admin.query(`drop database ${name} with (force)`);
    await admin.query(`drop role ${roles.owner}`);
    await admin.query(`drop role ${roles.runtime}`);
    await admin.end();
  });

  it('own all, and nothing', async () => {
    const { rows } = await runtime.query<{ owner: string; count: number }>(
      `select pg_get_userbyid(o.owner) as owner, count(*)::int as count from (
         select relowner as owner from pg_class where relnamespace = 'public'::regnamespace
         union all select proowner from pg_proc where pronamespace = 'public'::regnamespace
         union all select typowner from pg_type where typnamespace = 'public'::regnamespace
         union all select datdba from pg_database where datname = current_database()
       ) o group by 1`,
    );
    expect(rows.map(({ owner }) => owner)).toEqual([roles.owner]);
    const { rows: rights } = await runtime.query(
      'select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = current_user',
    );
    expect(new Set(Object.values(rights[0]))).toEqual(new Set([false]));
  });

  it.each([
    'create table mine ()',
    'create temporary table mine ()',
    'create schema mine',
    'create function mine() returns int language sql as $$ select 1 $$',
    'create or replace function uuid_v7() returns uuid language sql as $$ select gen_random_uuid() $$',
    'alter table entry add column note text',
    'alter table entry disable trigger all',
    'drop trigger entry_guard on entry',
    'drop table entry',
    'drop function uuid_v7',
    'truncate entry',
    'truncate payment',
    'truncate outbox',
    'create index on payment (note)',
    'update entry set amount_minor = 1',
    'delete from entry',
    'delete from transfer',
    'update transfer set amount_minor = 1',
    'update transfer set debit_account = 1',
    'select * from migration',
    'delete from installed_function',
    'alter role current_user superuser',
    'copy payment to program $$id$$',
  ])('refuse the runtime role: %s', async (statement) => {
    await expect(runtime.query(statement)).rejects.toMatchObject({ code: expect.stringMatching(/^42501$/) });
  });

  it('let the runtime role do its work', async () => {
    for (const statement of [
      `insert into account (kind, owner, currency, opened_at) values ('class', 'c', 'EUR', now())`,
      `update account set version = version where owner = 'c'`,
      `update transfer set state = state, resolved_at = resolved_at`,
      'select * from transfer for update',
      `select ledger_post('{}'::transfer[], now())`,
      `insert into entry select 1, 1, 1, 1, gen_random_uuid(), now()`,
      `insert into outbox (type, subject, data) values ('t', 's', '{}')`,
      'delete from outbox',
      'listen outbox',
      `select pg_try_advisory_lock(hashtext('matricula.relay'), 0)`,
    ])
      await runtime.query(statement);
  });

  it('let the runtime role into no other service’s database, and no other role into this one', async () => {
    // A database that nobody has closed yet is open to all roles; each service closes its own by its migrations.
    await migrate(
      { ...paymentsDatabase(other.url), migrations: [{ name: '0001-baseline', class: Baseline }] },
      {
        runtimeRole: roles.owner,
        log: () => {},
      },
    );
    const elsewhere = Object.assign(new URL(plan.runtimeUrl), { pathname: new URL(other.url).pathname }).href;
    await expect(connected(elsewhere)).rejects.toMatchObject(notAllowed);
  });

  it('stay as they are when all is made again, with the new passwords', async () => {
    const rotated = { ...plan, runtimeUrl: urlOf(roles.runtime, 'second') };
    await provisionDatabase(serverUrl('DATABASE_URL').href, rotated);
    await migrate(paymentsDatabase(plan.ownerUrl), { runtimeRole: roles.runtime, log: () => {} });
    await expect(connected(plan.runtimeUrl)).rejects.toMatchObject({ code: '28P01' });
    const client = await connected(rotated.runtimeUrl);
    await client.query('select * from payment');
    await expect(client.query('update entry set amount_minor = 1')).rejects.toMatchObject(notAllowed);
    await client.end();
  });

  it('are not changed by a table that does not exist', async () => {
    const wrong = { ...paymentsDatabase(plan.ownerUrl), appendOnly: { entries: [] } };
    await expect(migrate(wrong, { runtimeRole: roles.runtime, log: () => {} })).rejects.toThrow('no table entries');
  });
});
