import { UnderscoreNamingStrategy } from '@mikro-orm/postgresql';

/** MikroORM's word for a kind of index or constraint, and the one that Postgres itself puts at the end of its names. */
const endings: Readonly<Record<string, string>> = { index: 'idx', unique: 'key', foreign: 'fkey', check: 'check' };

/** Names constraints and indexes as Postgres does where a `create table` leaves their names out. */
export class PostgresNames extends UnderscoreNamingStrategy {
  override indexName(table: string, columns: string[], type: Parameters<UnderscoreNamingStrategy['indexName']>[2]) {
    const ending = endings[type];
    return ending ? [table, ...columns, ending].join('_') : super.indexName(table, columns, type);
  }
}
