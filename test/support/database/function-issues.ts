import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

interface StoredFunction {
  readonly oid: number;
  readonly name: string;
  readonly language: 'sql' | 'plpgsql';
  readonly definition: string;
}

/** From `create` to the end, wherever the function was written. */
const linesMax = 70;

/** A table whose trigger calls the function; nulls for a function that no trigger calls. */
interface TriggeredBy {
  readonly table: number;
  readonly oldTable: string | null;
  readonly newTable: string | null;
}

/**
 * Checks every function of a database against its tables and types, and its length. Returns a line for each issue.
 *
 * Functions in `sql` are created again with their bodies checked: Postgres parses and plans every statement. Functions
 * in `plpgsql` are given to plpgsql_check, which does the same with every statement on every path, and finds variables
 * that nothing reads. Where plpgsql_check is missing, only the syntax and `plpgsql.extra_errors` are checked.
 */
export async function functionIssues(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Ended with the connection: nothing of it stays in the database.
    await client.query(`begin; set local plpgsql.extra_errors = 'all'`);
    const functions = await functionsOf(client);
    const issues = functions.flatMap(tooLong);
    for (const stored of functions) issues.push(...(await recreated(client, stored)));
    if (!(await declarePlpgsqlCheck(client))) return issues;
    for (const stored of functions) {
      if (stored.language === 'plpgsql') issues.push(...(await checked(client, stored)));
    }
    return issues;
  } finally {
    await client.end();
  }
}

async function functionsOf(client: pg.Client): Promise<StoredFunction[]> {
  const { rows } = await client.query<StoredFunction>(
    `select pg_proc.oid, proname as name, lanname as language, pg_get_functiondef(pg_proc.oid) as definition
     from pg_proc join pg_language on pg_language.oid = prolang
     where pronamespace = 'public'::regnamespace and lanname in ('sql', 'plpgsql') and prokind in ('f', 'p')
     order by proname`,
  );
  return rows;
}

function tooLong({ name, definition }: StoredFunction): string[] {
  const lines = definition.trimEnd().split('\n').length;
  return lines > linesMax ? [`${name}: ${lines} lines, more than ${linesMax}`] : [];
}

async function recreated(client: pg.Client, { name, definition }: StoredFunction): Promise<string[]> {
  await client.query('savepoint recreated');
  try {
    await client.query(definition);
    return [];
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  } finally {
    await client.query('rollback to recreated');
  }
}

/** Declares the functions of plpgsql_check from where `npm test` has unpacked them. */
async function declarePlpgsqlCheck(client: pg.Client): Promise<boolean> {
  const folder = process.env.PLPGSQL_CHECK;
  if (!folder) return false;
  const script = await readFile(join(folder, 'plpgsql_check.sql'), 'utf8');
  const declarations = script
    .replace(/^\\echo.*$/m, '')
    .replaceAll('MODULE_PATHNAME', join(folder, 'plpgsql_check.so'))
    .replaceAll('@extschema@', 'plpgsql_check');
  await client.query(`create schema plpgsql_check; set local search_path = plpgsql_check; ${declarations}`);
  await client.query('set local search_path = public, plpgsql_check');
  return true;
}

async function checked(client: pg.Client, { oid, name }: StoredFunction): Promise<string[]> {
  const { rows: triggers } = await client.query<TriggeredBy>(
    `select tgrelid as table, tgoldtable as "oldTable", tgnewtable as "newTable" from pg_trigger where tgfoid = $1
     union all select 0, null, null where not exists (select from pg_trigger where tgfoid = $1)`,
    [oid],
  );
  const issues: string[] = [];
  for (const { table, oldTable, newTable } of triggers) {
    const { rows } = await client.query<{ line: string }>(
      `select concat_ws(' ', lineno, level || ':', message, '(' || query || ')') as line
       from plpgsql_check_function_tb($1::oid::regprocedure, $2::oid::regclass, fatal_errors => false,
                                      oldtable => $3, newtable => $4)`,
      [oid, table, oldTable, newTable],
    );
    issues.push(...rows.map(({ line }) => `${name}: ${line}`));
  }
  return issues;
}
