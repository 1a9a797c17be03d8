import type { Client } from 'pg';
import type { SqlFunction } from './function-files.js';

export interface Installation {
  readonly functions: readonly SqlFunction[];
  /** The database has migrations that this version of the service does not list: a newer version was here. */
  readonly databaseIsNewer: boolean;
  /** For a deliberate rollback: installs this version's texts, and forgets the newer ones. */
  readonly force: boolean;
  readonly log: (message: string) => void;
}

/** Every text that was installed, in order. The last one of a name is the function as it is now. */
const historyTable = `
  create table if not exists installed_function (
    position bigint generated always as identity primary key,
    name text not null,
    hash text not null,
    installed_at timestamptz not null default now()
  )`;

/**
 * Creates or replaces the functions whose text differs from what is installed, in one transaction: all of them or none.
 * The caller holds the gate of migrations on `client`'s connection, so that one instance does this at a time.
 *
 * An older version of a service never puts its text back: nothing is installed when the database is newer, and no text
 * that another one has superseded in this database. Both are logged.
 * @throws Error that names the file, when a function cannot be created or has a second signature afterwards
 */
export async function installFunctions(client: Client, installation: Installation): Promise<void> {
  const { functions, databaseIsNewer, force, log } = installation;
  if (databaseIsNewer && !force) {
    log('functions are left as they are: the database has migrations of a newer version');
    return;
  }
  await client.query('begin');
  try {
    // Bodies may name functions that come later; the tests check the bodies.
    await client.query(`set local check_function_bodies = off; set local lock_timeout = '5s'`);
    await client.query(historyTable);
    for (const { name, file, sql, hash } of await differing(client, installation)) {
      await client.query(sql).catch((error: Error) => {
        throw new Error(`${file}: ${error.message}`, { cause: error });
      });
      if (force) await forgetNewer(client, name, hash);
      await client.query('insert into installed_function (name, hash) values ($1, $2)', [name, hash]);
    }
    await refuseSecondSignatures(client, functions);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function differing(client: Client, { functions, force, log }: Installation): Promise<SqlFunction[]> {
  const { rows } = await client.query<{ name: string; hashes: string[]; exists: boolean }>(
    `select name, array_agg(hash order by position) as hashes,
            exists (select from pg_proc where proname = name and pronamespace = current_schema()::regnamespace)
     from installed_function group by name`,
  );
  const installed = new Map(rows.map((row) => [row.name, row]));
  return functions.filter(({ name, file, hash }) => {
    const { hashes = [], exists = false } = installed.get(name) ?? {};
    if (exists && hashes.at(-1) === hash) return false;
    if (force || !hashes.includes(hash) || hashes.at(-1) === hash) return true;
    log(`function ${name} is left as it is: the text of ${file} was superseded in this database`);
    return false;
  });
}

/** After a rollback the newer texts count as never installed, so that the next roll-out installs them again. */
async function forgetNewer(client: Client, name: string, hash: string): Promise<void> {
  await client.query(
    `delete from installed_function
     where name = $1
       and position >= coalesce((select min(position) from installed_function where name = $1 and hash = $2), 0)`,
    [name, hash],
  );
}

async function refuseSecondSignatures(client: Client, functions: readonly SqlFunction[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select proname as name from pg_proc
     where pronamespace = current_schema()::regnamespace and proname = any ($1)
     group by proname having count(*) > 1 order by proname`,
    [functions.map(({ name }) => name)],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(', ');
  throw new Error(`a changed signature needs a new function name; two signatures have: ${names}`);
}
