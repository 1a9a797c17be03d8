import { p } from '@mikro-orm/postgresql';
import { CalendarDayColumn, InstantColumn } from './column-types.js';

const autoincrement = () => p.bigint('number').autoincrement();

/** MikroORM makes a `bigserial` of an autoincrement column: this one is one for the types of queries alone. */
const identity = () =>
  p.bigint('number').columnType('bigint').autoincrement(false).generated('identity') as unknown as ReturnType<
    typeof autoincrement
  >;

/**
 * Columns that `p.*` of MikroORM does not name, for `defineEntity`. They chain as those of `p` do:
 * `closedAt: column.instant().nullable()`. The types of values are those of `values.ts`.
 */
export const column = {
  /** `timestamptz`, a Temporal.Instant. */
  instant: () => p.type(InstantColumn).$type<Temporal.Instant>(),
  /** `date`, a Temporal.PlainDate: a calendar day without zone and hour. */
  day: () => p.type(CalendarDayColumn).$type<Temporal.PlainDate>(),
  /** `bigint`, a whole number below 2^53. Amounts are `bigint` with a name that ends in `Minor`. */
  bigint: () => p.bigint('number'),
  /** `bigint generated always as identity`: the database gives the number. */
  identity,
  /** `text collate "C"`: ordered by bytes, which is quicker and the same everywhere. */
  ascii: () => p.text().collation('C'),
  /** `text` that holds one of the values of a union. The check constraint is written beside it: `.check("…")`. */
  oneOf: <Value extends string>() => p.text().$type<Value>(),
  /** `json`: kept as it was written, cheaper than `jsonb` where the database never looks inside. */
  json: <Value>() => p.json<Value>().columnType('json'),
  /** `jsonb`. */
  jsonb: <Value>() => p.json<Value>(),
  /** `bytea`, a Buffer. */
  bytes: () => p.blob().$type<Buffer>(),
  /** `text[]`. */
  texts: <Value extends string = string>() => p.array().$type<readonly Value[]>().columnType('text[]'),
  /** `integer[]`. */
  integers: () => p.array(Number).$type<readonly number[]>().columnType('integer[]'),
};

/**
 * The check of a column that holds one of `values`; says the same as `check (column in ('a', 'b'))` in the
 * migration.
 */
export function among(name: string, values: readonly string[]): string {
  return `${name} in (${values.map((value) => `'${value}'`).join(', ')})`;
}
