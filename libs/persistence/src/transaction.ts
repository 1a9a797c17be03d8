import type { PostgreSqlConnection, SqlEntityManager } from '@mikro-orm/postgresql';
import { MikroORM } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Kysely, PostgresDialect } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { forgetTypes, isStaleType, withSetsEncoded } from './composite-set.js';
import { toParameters } from './driver/values.js';
import { type AnyEntity, type Borrowed, QueryBuilders, type TypedQueries } from './entities/typed-queries.js';
import { databaseFault } from './faults.js';

/**
 * One open transaction. A use case writes all its rows through one of these, outbox and inbox included.
 */
export interface Tx {
  /** The ORM's unit of work inside this transaction; flushed before the commit. */
  readonly em: SqlEntityManager;
  /** Runs SQL with `$1 …` placeholders; arrays, composite sets and Temporal values are passed as they are. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Typed queries on the tables of these entities, inside this transaction. */
  kysely<Entities extends readonly AnyEntity[]>(...entities: Entities): TypedQueries<Entities[number]>;
}

/** Runs SQL: an open transaction, or `Transactions` for a single statement. */
export type Sql = Pick<Tx, 'query'>;

/** Runs typed queries: an open transaction, or `Transactions` for single statements. */
export type Typed = Pick<Tx, 'kysely'>;

/**
 * Opens transactions (READ COMMITTED). Either everything inside commits or nothing does. After an error nothing was
 * committed, unless the connection broke during COMMIT: then the outcome is unknown, and the inbox, the command log and
 * unique keys make a repetition harmless.
 *
 * Connections come from the ORM's pool and always go back: usable, or to be closed when they broke or when a rollback
 * failed on them. (The ORM's own transactions keep a connection for ever when both COMMIT and ROLLBACK fail on it, as
 * they do when its backend dies. A few of those use up a pool.)
 */
@Injectable()
export class Transactions {
  private readonly builders: QueryBuilders;
  private readonly typed: Kysely<unknown>;

  constructor(private readonly orm: MikroORM) {
    this.builders = new QueryBuilders(orm);
    this.typed = this.builders.on(() => this.borrow());
  }

  run<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.onConnection(async (client) => {
      await client.query('begin');
      const tx = new OpenTransaction(this.orm, this.builders, client);
      try {
        const result = await work(tx);
        await tx.flush();
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((reason: unknown) => {
          throw new RollbackFailed(error, reason);
        });
        throw error;
      }
    });
  }

  /**
   * One statement that commits by itself, in one round trip: for reads, and for SQL functions that are a whole
   * transaction, such as the ledger's movements.
   */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]> {
    return this.onConnection((client) => execute<Row>(client, sql, values));
  }

  /** Typed queries on the tables of these entities, each a statement that commits by itself: for reads. */
  kysely<Entities extends readonly AnyEntity[]>(..._entities: Entities): TypedQueries<Entities[number]> {
    return this.typed as TypedQueries<Entities[number]>;
  }

  private async connect(): Promise<PoolClient> {
    const connection = this.orm.em.getDriver().getConnection() as PostgreSqlConnection;
    const pool = (await connection.getNativeClient()) as Pool;
    return pool.connect();
  }

  /** A connection for one statement, which goes back to the pool unless it broke. */
  private async borrow(): Promise<Borrowed> {
    const client = await this.connect();
    let unusable = false;
    return {
      query: (sql, values) =>
        client.query(sql, values).catch((error: unknown) => {
          unusable = databaseFault(error) === 'away';
          throw error;
        }),
      release: () => client.release(unusable),
    };
  }

  private async onConnection<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.connect();
    let unusable = false;
    try {
      return await work(client);
    } catch (error) {
      unusable = error instanceof RollbackFailed || databaseFault(error) === 'away';
      throw error instanceof RollbackFailed ? error.cause : error;
    } finally {
      client.release(unusable);
    }
  }
}

/** A transaction failed (`cause`), and its rollback failed as well: the connection cannot be used again. */
class RollbackFailed extends Error {
  constructor(cause: unknown, reason: unknown) {
    super(`rollback failed: ${String(reason)}`, { cause });
  }
}

class OpenTransaction implements Tx {
  private manager: SqlEntityManager | undefined;
  private typed: Kysely<unknown> | undefined;

  constructor(
    private readonly orm: MikroORM,
    private readonly builders: QueryBuilders,
    private readonly client: PoolClient,
  ) {}

  /** Created on first use: most transactions are SQL alone. */
  get em(): SqlEntityManager {
    if (!this.manager) {
      const { client } = this;
      // The ORM's transaction context is a Kysely instance: here one on this connection, which it must not release.
      const borrowed = { query: client.query.bind(client), release: () => {} } as unknown as PoolClient;
      const pool = { connect: async () => borrowed, end: async () => {} } as unknown as Pool;
      this.manager = this.orm.em.fork() as SqlEntityManager;
      this.manager.setTransactionContext(new Kysely({ dialect: new PostgresDialect({ pool }) }));
    }
    return this.manager;
  }

  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]> {
    return execute(this.client, sql, values);
  }

  /** Created on first use, like the unit of work. */
  kysely<Entities extends readonly AnyEntity[]>(..._entities: Entities): TypedQueries<Entities[number]> {
    const { client } = this;
    this.typed ??= this.builders.on(async () => ({
      query: (sql, values) => client.query(sql, values),
      release: () => {},
    }));
    return this.typed as TypedQueries<Entities[number]>;
  }

  async flush(): Promise<void> {
    await this.manager?.flush();
  }
}

async function execute<Row>(client: PoolClient, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const parameters = toParameters(await withSetsEncoded(client, values));
  try {
    const { rows } = await client.query(sql, parameters);
    return rows as Row[];
  } catch (error) {
    if (isStaleType(error)) forgetTypes();
    throw error;
  }
}
