import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** The textbook payment: one unique insert, two balances, two entries, one outbox row; one hot account for all. */
const schema = `
  drop schema if exists reference cascade;
  create schema reference;
  set search_path to reference;
  create table account (id bigint primary key, balance bigint not null) with (fillfactor = 50);
  create table payment (id bigint generated always as identity primary key, reference text not null unique, amount bigint not null);
  create table entry (id bigint generated always as identity primary key, payment text not null, account_id bigint not null, amount bigint not null);
  create table outbox (id bigint generated always as identity primary key, body jsonb not null);
  insert into account select id, 0 from generate_series(0, 10000) as id;
`;

const script = `
\\set person random(1, 10000)
\\set reference random(1, 9000000000000000)
begin;
insert into reference.payment (reference, amount) values ('p' || :reference, 100) on conflict do nothing;
insert into reference.entry (payment, account_id, amount) values ('p' || :reference, :person, 100);
insert into reference.entry (payment, account_id, amount) values ('p' || :reference, 0, -100);
update reference.account set balance = balance + 100 where id = :person;
update reference.account set balance = balance - 100 where id = 0;
insert into reference.outbox (body) values (jsonb_build_object('payment', 'p' || :reference, 'person', :person::int, 'amount', 100));
commit;
`;

/** What was measured, and what the reference reached around it, per second. */
export interface Beside<Result> {
  readonly result: Result;
  readonly reference: number;
}

/**
 * Measures the reference right before `work` and right after it, and takes the mean: on a shared machine it may double
 * or halve within a minute.
 */
export async function beside<Result>(
  reference: () => Promise<number>,
  work: () => Promise<Result>,
): Promise<Beside<Result>> {
  const before = await reference();
  const result = await work();
  const after = await reference();
  return { result, reference: (before + after) / 2 };
}

/**
 * What pgbench reaches with the textbook payment transaction on the given server: 8 clients, prepared statements,
 * one hot account, the server's own durability settings. Most rows of the benches are multiples of this.
 */
export function measureReference(databaseUrl: string, pgbench: string, seconds: number): Promise<number> {
  return measureScript({ databaseUrl, pgbench, seconds, clients: 8, schema, script });
}

/** What a script of pgbench is run with: its tables are made in the schema `reference`, which is dropped afterwards. */
export interface ReferenceScript {
  readonly databaseUrl: string;
  readonly pgbench: string;
  readonly seconds: number;
  readonly clients: number;
  readonly schema: string;
  readonly script: string;
}

/** Transactions per second. */
export async function measureScript(given: ReferenceScript): Promise<number> {
  const { databaseUrl, pgbench, seconds, clients } = given;
  await sql(databaseUrl, given.schema);
  const folder = await mkdtemp(join(tmpdir(), 'matricula-bench-'));
  const file = join(folder, 'reference.sql');
  await writeFile(file, given.script);
  try {
    // pgbench takes whole seconds; a shorter look is a few transactions of each client.
    const length = seconds < 1 ? ['-t', '5'] : ['-T', String(Math.round(seconds))];
    const load = ['-c', String(clients), '-j', '2', ...length];
    const { stdout } = await run(pgbench, ['-n', '-M', 'prepared', ...load, '-f', file, databaseUrl]);
    const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
    if (!(perSecond > 0)) throw new Error(`pgbench printed no rate:\n${stdout}`);
    return perSecond;
  } finally {
    await rm(folder, { recursive: true });
    await sql(databaseUrl, 'drop schema reference cascade');
  }
}

async function sql(databaseUrl: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
