import { types } from 'pg';
import { assert } from '#kernel/assert.js';

const { builtins } = types;

type Parser = (text: string) => unknown;

const parsers = new Map<number, Parser>([
  [builtins.INT8, safeInteger],
  [builtins.NUMERIC, safeInteger],
  [builtins.TIMESTAMPTZ, (text) => Temporal.Instant.from(text)],
  [builtins.DATE, (text) => Temporal.PlainDate.from(text)],
]);

/**
 * How columns become values: `bigint` and sums of it are safe integers (amounts are bounded so that they are),
 * `timestamptz` is an Instant and `date` a calendar day. No JavaScript Date exists on this side of the driver.
 */
export const columnTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): Parser {
    return parsers.get(oid) ?? (types.getTypeParser(oid, format ?? 'text') as Parser);
  },
};

function safeInteger(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `${text} does not fit into a whole number`);
  return value;
}

/** Parameters for the driver: Temporal values become text, also inside arrays; everything else stays as it is. */
export function toParameters(values: readonly unknown[]): unknown[] {
  return values.map(toParameter);
}

function toParameter(value: unknown): unknown {
  if (value instanceof Temporal.Instant || value instanceof Temporal.PlainDate) return value.toString();
  if (Array.isArray(value) && !Buffer.isBuffer(value)) return value.map(toParameter);
  return value;
}
