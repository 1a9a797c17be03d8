import { Migrator } from '@mikro-orm/migrations';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DatabaseProbe } from './database-probe.js';
import { PreparingClient } from './driver/preparing-client.js';
import { columnTypes } from './driver/values.js';
import { PostgresNames } from './entities/postgres-names.js';
import type { AppendOnly } from './grants.js';
import { Transactions } from './transaction.js';

type Entities = NonNullable<Options['entities']>;
type Migrations = NonNullable<NonNullable<Options['migrations']>['migrationsList']>;

/** A service's own database: its address, its entities, its migrations and functions. */
export interface Database {
  /** A `postgresql://` URL that names the service's own database. */
  readonly url: string;
  readonly entities: Entities;
  readonly migrations: Migrations;
  /**
   * The folder whose `.sql` files are the service's functions, one each; `migrate` installs those that differ. A
   * service gives `import.meta.dirname`, which is right for the sources and for the built files.
   */
  readonly functionsIn?: string;
  /** Tables whose rows the runtime role of the service adds and never rewrites, with the columns that it may update. */
  readonly appendOnly?: AppendOnly;
  /** Connections in the pool. Hot paths write in sets through one or two; more make a hot row slower. */
  readonly poolMax?: number;
  /** Receives the ORM's log lines (a dropped connection, an applied migration); they are dropped when left out. */
  readonly log?: (message: string) => void;
}

/**
 * Statements and lock waits are bounded: a stuck neighbour costs an error that is retried, and never a hang. A
 * connection attempt fails within seconds.
 */
const sessionLimits = {
  connectionTimeoutMillis: 3_000,
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 30_000,
  query_timeout: 20_000,
  keepAlive: true,
  // Statements here are short; compiling one takes longer than running it, and the planner's guess of its cost is high.
  options: '-c jit=off',
};

/** The ORM's settings for one service's database; also what the migration entry point uses. */
export function ormOptions({ url, entities, migrations, poolMax = 8, log = () => {} }: Database): Options {
  return defineConfig({
    clientUrl: url,
    entities,
    namingStrategy: PostgresNames,
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: { migrationsList: migrations, snapshot: false, tableName: 'migration' },
    pool: { min: 0, max: poolMax },
    // The ORM would drop the parameters of the URL: with `sslmode` it would silently connect without TLS.
    driverOptions: { ...sessionLimits, connectionString: url, types: columnTypes, Client: PreparingClient },
    forceUtcTimezone: false,
    colors: false,
    logger: log,
    allowGlobalContext: false,
  });
}

/** The service's own database for the whole app: the ORM, `Transactions` to use it, and a probe for health. */
@Global()
@Module({})
export class DatabaseModule {
  static forService(database: Database): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [MikroOrmModule.forRoot({ ...ormOptions(database), registerRequestContext: false }) as DynamicModule],
      providers: [Transactions, { provide: DatabaseProbe, useValue: new DatabaseProbe(database.url) }],
      exports: [Transactions, DatabaseProbe],
    };
  }
}
