import type { Client } from 'pg';

/**
 * Tables that a service never rewrites: it adds rows and reads them. By table, the columns that it may still update;
 * it deletes no row.
 */
export type AppendOnly = Readonly<Record<string, readonly string[]>>;

/** What only migrations read and write. */
const ofMigrations = ['migration', 'installed_function'];

/**
 * Grants the runtime role of a service what its use cases need, and takes back all else: views may be read; rows of
 * every table may be read, added, changed and deleted, apart from append-only tables and those of migrations. It owns
 * nothing, creates nothing, and truncates nothing. Other roles have no access to the database. Installed after each
 * migration, in one transaction. This is the one statement of what a runtime role may do; the exceptions of a service
 * stand in its `database.ts`.
 * @throws Error when an append-only table does not exist
 */
export async function installGrants(client: Client, runtimeRole: string, appendOnly: AppendOnly): Promise<void> {
  const role = client.escapeIdentifier(runtimeRole);
  const { rows } = await client.query<{ database: string; schema: string; tables: string[]; views: string[] }>(
    `select current_database() as database, current_schema() as schema,
       array(select tablename::text from pg_tables where schemaname = current_schema() order by 1) as tables,
       array(select viewname::text from pg_views where schemaname = current_schema() order by 1) as views`,
  );
  const { database = '', schema: schemaName = '', tables = [], views = [] } = rows[0] ?? {};
  const schema = client.escapeIdentifier(schemaName);
  const table = (name: string) => `${schema}.${client.escapeIdentifier(name)}`;
  const missing = Object.keys(appendOnly).filter((name) => !tables.includes(name));
  if (missing.length > 0)
    throw new Error(`no table ${missing.join(', ')}: append-only tables are named in database.ts`);
  const onDatabase = `on database ${client.escapeIdentifier(database)}`;
  const statements = [
    `revoke all ${onDatabase} from public, ${role}`,
    `grant connect ${onDatabase} to ${role}`,
    `revoke all on schema ${schema} from public, ${role}`,
    `grant usage on schema ${schema} to ${role}`,
    `revoke all on all tables in schema ${schema} from public, ${role}`,
    `revoke all on all sequences in schema ${schema} from public, ${role}`,
    ...views.map((name) => `grant select on ${table(name)} to ${role}`),
    ...tables.flatMap((name) => {
      if (ofMigrations.includes(name)) return [];
      const columns = appendOnly[name];
      if (!columns) return [`grant select, insert, update, delete on ${table(name)} to ${role}`];
      const updated = columns.map((column) => client.escapeIdentifier(column)).join(', ');
      const updates = columns.length > 0 ? `, update (${updated})` : '';
      return [`grant select, insert${updates} on ${table(name)} to ${role}`];
    }),
  ];
  await client.query('begin');
  try {
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
