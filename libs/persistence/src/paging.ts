import type { SelectQueryBuilder } from 'kysely';
import { cursorOf, type SortKey, sortKeyOf } from '#contracts/cursors.js';
import { assert } from '#kernel/assert.js';

/** The requested part of a list: a page, which count from 1, or what follows the cursor of the page before. */
export interface Paging {
  readonly page?: number | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
  /** Whether the items of all pages are counted; true by default. */
  readonly count?: boolean | undefined;
}

/** One page of a list, as contracts describe it. */
export interface Page<Item> {
  readonly items: Item[];
  /** Items on all pages, if they were counted. */
  readonly total?: number | undefined;
  /** Absent after a cursor. */
  readonly page?: number | undefined;
  readonly limit: number;
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** The rows that are read for a page: one more than it shows, which says whether another page follows. */
export interface PageWindow {
  /** The sort key of the row before. */
  readonly after: SortKey | null;
  readonly offset: number;
  readonly limit: number;
}

/** How the rows of one list are read and counted. */
export interface ListReader<Row> {
  read(window: PageWindow): Promise<Row[]>;
  count(): Promise<number>;
  /** The position of the last one of the items of a page; two items never share one. */
  keyOf(last: Row, items: readonly Row[]): SortKey;
}

/** The order of a list. Its last column is unique, and an index serves the order. */
export interface ListOrder {
  readonly by: readonly string[];
  readonly direction: 'asc' | 'desc';
}

/** Ids grow with time. */
export const newestFirst: ListOrder = { by: ['id'], direction: 'desc' };

/** Items before the page. */
export function offsetOf({ page = 1, limit }: Paging): number {
  return (page - 1) * limit;
}

/** Reads a page, and counts the list unless the request says otherwise. */
export async function readPage<Row>(list: ListReader<Row>, paging: Paging): Promise<Page<Row>> {
  const { limit, after, page = 1, count = true } = paging;
  const isContinued = after !== undefined;
  const window = {
    after: isContinued ? sortKeyOf(after) : null,
    offset: isContinued ? 0 : offsetOf(paging),
    limit: limit + 1,
  };
  const [total, rows] = await Promise.all([count ? list.count() : undefined, list.read(window)]);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items,
    ...(total !== undefined && { total }),
    ...(!isContinued && { page }),
    limit,
    next_cursor: last === undefined ? null : cursorOf(list.keyOf(last, items)),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a list of any tables; the caller's own queries are typed
type ListQuery<Row> = SelectQueryBuilder<any, any, Row>;

/**
 * A page of a typed query. `matching` has the rows of the list and no columns yet; `selected` is the same with its
 * columns and joins, among them those of the order.
 */
export function pageOf<Row extends object>(
  { matching, selected, order }: { matching: ListQuery<unknown>; selected: ListQuery<Row>; order: ListOrder },
  paging: Paging,
): Promise<Page<Row>> {
  return readPage<Row>(
    {
      read: async (window) => (await windowOf(selected, order, window).execute()) as Row[],
      count: async () => {
        const counted = matching.select(({ fn }) => fn.countAll<number>().as('total'));
        return ((await counted.executeTakeFirst()) as { total: number } | undefined)?.total ?? 0;
      },
      keyOf: (row) => order.by.map((column) => positionOf(row, column)),
    },
    paging,
  );
}

/** The rows of the window, in the order of the list. An offset is only for pages by number. */
function windowOf<Row>(query: ListQuery<Row>, { by, direction }: ListOrder, { after, offset, limit }: PageWindow) {
  let rows = query;
  if (after !== null) {
    const operator = direction === 'desc' ? '<' : '>';
    // A row comparison, which an index of these columns answers from the position on.
    rows = rows.where(({ eb, refTuple, tuple }) =>
      by.length === 1
        ? eb(by[0] as never, operator, after[0] as never)
        : eb(
            (refTuple as (...columns: readonly string[]) => never)(...by),
            operator,
            (tuple as (...values: readonly unknown[]) => never)(...after),
          ),
    );
  }
  for (const column of by) rows = rows.orderBy(column as never, direction);
  rows = rows.limit(limit);
  return offset === 0 ? rows : rows.offset(offset);
}

/** The value of a column, whose name may begin with that of its table. Instants become text as JSON. */
function positionOf(row: object, column: string): unknown {
  const value = (row as Record<string, unknown>)[column.slice(column.lastIndexOf('.') + 1)];
  assert(value !== undefined && value !== null, `the list selects ${column}, which it is ordered by`);
  return value;
}

/** The same page with each item mapped. */
export function mapPage<Item, Mapped>({ items, ...page }: Page<Item>, map: (item: Item) => Mapped): Page<Mapped> {
  return { ...page, items: items.map(map) };
}
