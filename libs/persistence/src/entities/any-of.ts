import { type RawBuilder, sql } from 'kysely';

/**
 * Any of these UUIDs, in a typed query: `.where('id', '=', anyOf(ids))`. The statement has one text for any number of
 * ids, so a connection prepares it once.
 */
export function anyOf(ids: Iterable<string>): RawBuilder<string> {
  return sql<string>`any (${[...new Set(ids)]}::uuid[])`;
}
