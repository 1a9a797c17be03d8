import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { type Database, ormOptions } from './database.js';
import { readDatabaseRoles } from './database-url.js';
import { readFunctions } from './functions/function-files.js';
import { installFunctions } from './functions/install-functions.js';
import { installGrants } from './grants.js';

export interface MigrateOptions {
  /** The role that the service runs as; it is granted what it needs. Left out where the owner runs the service. */
  readonly runtimeRole?: string | undefined;
  /** For a deliberate rollback: installs this version's functions, although newer ones were here. */
  readonly forceFunctions?: boolean;
  /** Receives why a function was left as it is. */
  readonly log?: (message: string) => void;
}

/** The `migrate` entry point of a service. `--force-functions` among `args` is for a deliberate rollback. */
export async function runMigrations(
  service: string,
  database: (url: string) => Database,
  { env, argv }: Pick<NodeJS.Process, 'env' | 'argv'>,
): Promise<void> {
  const { ownerUrl, runtimeRole } = readDatabaseRoles(service, env);
  await migrate(database(ownerUrl), { runtimeRole, forceFunctions: argv.includes('--force-functions') });
}

/**
 * Creates the service's database when it is missing, brings it to the newest migration, and installs the functions that
 * differ. Safe to run twice and by several instances at once: one of them works at a time, the others find nothing left
 * to do. A version older than the database changes nothing, apart from the grants of the runtime role.
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<void> {
  const functions = database.functionsIn ? readFunctions(database.functionsIn) : [];
  await createIfMissing(database.url);
  const gate = new Client({ connectionString: database.url, options: keepalives });
  await gate.connect();
  try {
    await gate.query(`select pg_advisory_lock(hashtext('matricula.migrate'))`);
    const orm = await MikroORM.init(withoutStatementTimeout(ormOptions(database)));
    try {
      await orm.migrator.up();
      const own = new Set(database.migrations.map((migration) => ('name' in migration ? migration.name : undefined)));
      const executed = await orm.migrator.getExecuted();
      await installFunctions(gate, {
        functions,
        databaseIsNewer: executed.some(({ name }) => !own.has(name)),
        force: options.forceFunctions ?? false,
        log: options.log ?? console.log,
      });
      if (options.runtimeRole) await installGrants(gate, options.runtimeRole, database.appendOnly ?? {});
    } finally {
      await orm.close(true);
    }
  } finally {
    await gate.end();
  }
}

/** The gate is held while its connection lives: the server checks that the machine at the other end is there. */
const keepalives = '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3';

/** Statements of a migration have no time limit: a big table takes long to change. Their lock waits stay bounded. */
function withoutStatementTimeout(options: Options): Options {
  return { ...options, driverOptions: { ...options.driverOptions, statement_timeout: 0, query_timeout: 0 } };
}

const noSuchDatabase = '3D000';
const duplicateDatabase = '42P04';
const uniqueViolation = '23505';

/** Connects to no other database when the service's own exists: its role may have access to that one alone. */
async function createIfMissing(databaseUrl: string): Promise<void> {
  if (await exists(databaseUrl)) return;
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  const server = new Client({ connectionString: url.toString() });
  await server.connect();
  try {
    await server.query(`create database ${server.escapeIdentifier(name)}`);
  } catch (error) {
    const code = (error as { code?: string }).code;
    // Another instance created it meanwhile.
    if (code !== duplicateDatabase && code !== uniqueViolation) throw error;
  } finally {
    await server.end();
  }
}

async function exists(databaseUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === noSuchDatabase) return false;
    throw error;
  } finally {
    await client.end();
  }
}
