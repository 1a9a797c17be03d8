import { z } from 'zod';

/**
 * The position of an item in its list: the values that the list is ordered by. Instants are text. The last value
 * makes the position unique.
 */
export type SortKey = readonly unknown[];

/** A cursor is longer only for an account in many currencies. */
const cursorCharactersMax = 8_000;

/** The cursor that continues a list after the item with this sort key: base64url of JSON. */
export function cursorOf(key: SortKey): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

/** The sort key of a cursor that its schema has accepted. */
export function sortKeyOf(cursor: string): SortKey {
  return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as SortKey;
}

/** The cursor of a list with these sort keys. A text that `cursorOf` does not write for such a key is refused. */
export function cursor(key: z.ZodType<SortKey>) {
  return z
    .string()
    .max(cursorCharactersMax)
    .refine((text) => isCursor(text, key), 'Is not a next_cursor of this list.')
    .describe('Continues the list after the page before: its `next_cursor`.');
}

/**
 * The refinement of a list with several orders: its cursor is one of the requested order.
 * @param keys the schema of the sort key, by the name of the order
 */
export function cursorFitsSort<Sort extends string>(
  keys: Readonly<Record<Sort, z.ZodType<SortKey>>>,
): [(request: { sort: Sort; after?: unknown }) => boolean, { path: string[]; error: string }] {
  return [
    ({ sort, after }) => typeof after !== 'string' || isCursor(after, keys[sort]),
    { path: ['after'], error: 'Is not a next_cursor of this order of the list.' },
  ];
}

/** Whether `cursorOf` writes this text for a sort key of this schema. */
export function isCursor(text: string, key: z.ZodType<SortKey>): boolean {
  try {
    const read = sortKeyOf(text);
    return cursorOf(read) === text && key.safeParse(read).success;
  } catch {
    return false;
  }
}
