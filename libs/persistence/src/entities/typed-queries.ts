import {
  type EntitySchemaWithMeta,
  type InferKyselyDB,
  MikroKyselyPlugin,
  type MikroKyselyPluginOptions,
  type MikroORM,
} from '@mikro-orm/postgresql';
import {
  Kysely,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  PostgresDialect,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { toParameters } from '../driver/values.js';

/** Columns are called as the entity's properties, and values are those of the entity. */
const options = { columnNamingStrategy: 'property', convertValues: true } as const satisfies MikroKyselyPluginOptions;

/** An entity as `defineEntity` makes it. */
// biome-ignore lint/suspicious/noExplicitAny: MikroORM's own parameters, of which none matters here
export type AnyEntity = EntitySchemaWithMeta<any, any, any, any, any, any, any>;

/** Kysely for the tables of some entities: tables by their names, columns by the entities' properties. */
export type TypedQueries<Entity extends AnyEntity> = Kysely<InferKyselyDB<Entity, typeof options>>;

/** The row of one entity's table, as Kysely's types see it. */
export type TypedTable<Entity extends AnyEntity> = InferKyselyDB<Entity, typeof options>[keyof InferKyselyDB<
  Entity,
  typeof options
>];

/** A connection as Kysely takes it: statements with their values, and what happens after the last one. */
export interface Borrowed {
  query(sql: string, values: unknown[]): Promise<unknown>;
  release(): void;
}

/** Makes Kysely instances that speak of the entities of one service. */
export class QueryBuilders {
  private plugin: KyselyPlugin | undefined;

  constructor(private readonly orm: MikroORM) {}

  /** Kysely that borrows a connection for each of its statements. */
  on(borrow: () => Promise<Borrowed>): Kysely<unknown> {
    // It keeps nothing between the two steps of a statement, each of which is synchronous: one serves all connections.
    this.plugin ??= new EntityNames(this.orm);
    const connect = async () => {
      const connection = await borrow();
      const query = (sql: string, values: unknown[]) => connection.query(sql, toParameters(values));
      return { query, release: () => connection.release() } as unknown as PoolClient;
    };
    const pool = { connect, end: async () => {} } as unknown as Pool;
    return new Kysely({ dialect: new PostgresDialect({ pool }), plugins: [this.plugin] });
  }
}

/**
 * MikroORM's plugin, which renames the columns of each row anew and takes some 50 us for a row of twenty columns.
 * Here it renames one row for all rows of a result. Values need no conversion: the driver already made them
 * (values.ts).
 */
class EntityNames implements KyselyPlugin {
  private readonly queries: MikroKyselyPlugin;
  private readonly names: MikroKyselyPlugin;

  constructor(orm: MikroORM) {
    this.queries = new MikroKyselyPlugin(orm.em, options);
    this.names = new MikroKyselyPlugin(orm.em, { ...options, convertValues: false });
  }

  transformQuery(query: PluginTransformQueryArgs): RootOperationNode {
    return this.queries.transformQuery(query);
  }

  async transformResult({ result, queryId }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    const [first] = result.rows;
    if (!first) return result;
    const columns = Object.fromEntries(Object.keys(first).map((column) => [column, column]));
    const renamed = await this.names.transformResult({ queryId, result: { rows: [columns] } });
    const properties = Object.entries(renamed.rows[0] as Record<string, string>);
    return { ...result, rows: result.rows.map((row) => renamedRow(row, properties)) };
  }
}

function renamedRow(row: UnknownRow, properties: readonly (readonly [property: string, column: string])[]): UnknownRow {
  const renamed: UnknownRow = {};
  for (const [property, column] of properties) renamed[property] = row[column];
  return renamed;
}
