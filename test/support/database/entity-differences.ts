import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { type Database, ormOptions } from '#persistence/database.js';
import { completingSql } from '#persistence/entities/completed-by-sql.js';

/** Tables that MikroORM and `migrate` keep for themselves. */
const ownTables = ['migration', 'installed_function'];

/**
 * Compares a migrated database with the entities of its service; returns what differs, a line for each difference.
 *
 * The tables that the entities describe are created beside the migrated ones, in a schema that is rolled back. Postgres
 * then describes both in the same words: columns, defaults, keys, checks, indexes, triggers, storage, comments.
 */
export async function entityDifferences(database: Database): Promise<string[]> {
  const statements = await statementsOf(database);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('begin');
    const migrated = await describe(client, 'public');
    await client.query('create schema entities; set local search_path = entities, public');
    for (const statement of statements) await client.query(statement);
    const described = await describe(client, 'entities');
    return [
      ...[...migrated].filter((line) => !described.has(line)).map((line) => `only in the database: ${line}`),
      ...[...described].filter((line) => !migrated.has(line)).map((line) => `only in the entities: ${line}`),
    ].sort((a, b) => (subjectOf(a) < subjectOf(b) ? -1 : 1));
  } finally {
    await client.end();
  }
}

function subjectOf(line: string): string {
  return line.replace(/^only in the \w+: /, '');
}

/** The statements that create the tables of a service's entities, and what the entities add in SQL. */
async function statementsOf(database: Database): Promise<string[]> {
  const orm = await MikroORM.init(ormOptions(database));
  try {
    const tables = await orm.schema.getCreateSchemaSQL({ wrap: false });
    return [tables, ...database.entities.flatMap((entity) => completingSql(entity as object))];
  } finally {
    await orm.close(true);
  }
}

/** What a schema holds, in Postgres' words: a line for each table, column, constraint, index and trigger. */
async function describe(client: pg.Client, schema: string): Promise<Set<string>> {
  const { rows } = await client.query<{ line: string }>(
    `with tables as (
       select oid, relname, relkind, relpersistence, reloptions from pg_class
       where relnamespace = $1::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') and relname <> all ($2)
         and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e'))
     select concat_ws(' ', 'table', relname, 'is', relkind, relpersistence, 'with', reloptions, 'comment',
                      obj_description(oid, 'pg_class')) as line
     from tables
     union all
     select concat_ws(' ', 'table', relname, 'column', attname, format_type(atttypid, atttypmod),
                      (select 'collate ' || collname from pg_collation
                       where oid = attcollation and attcollation <> typcollation),
                      case when attnotnull then 'not null' end,
                      case when attgenerated = '' then 'default ' else 'generated ' end || pg_get_expr(adbin, adrelid),
                      'identity ' || nullif(attidentity::text, ''), 'statistics ' || nullif(attstattarget, -1)::text,
                      'comment ' || col_description(tables.oid, attnum))
     from tables
     join pg_attribute on attrelid = tables.oid and attnum > 0 and not attisdropped
     join pg_type on pg_type.oid = atttypid
     left join pg_attrdef on adrelid = attrelid and adnum = attnum
     union all
     select concat_ws(' ', 'table', relname, 'constraint', conname, pg_get_constraintdef(pg_constraint.oid))
     from tables join pg_constraint on conrelid = tables.oid
     where contype <> 'n'
     union all
     select concat_ws(' ', 'table', relname, 'index', pg_get_indexdef(indexrelid))
     from tables join pg_index on indrelid = tables.oid
     union all
     select concat_ws(' ', 'table', relname, 'trigger', pg_get_triggerdef(pg_trigger.oid))
     from tables join pg_trigger on tgrelid = tables.oid and not tgisinternal`,
    [schema, ownTables],
  );
  return new Set(
    rows.map(({ line }) => line.replaceAll(`${schema}.`, '').replaceAll('public.', '').replace(quoted, '$1')),
  );
}

/** MikroORM quotes the numbers that are defaults of `bigint` columns. */
const quoted = /'(-?\d+)'::bigint/g;
