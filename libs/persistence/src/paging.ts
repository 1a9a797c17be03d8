/** The requested part of a list; pages count from 1. */
export interface Paging {
  readonly page: number;
  readonly limit: number;
}

/** One page of a list. */
export interface Page<Item> {
  readonly items: Item[];
  /** Items on all pages. */
  readonly total: number;
  readonly page: number;
  readonly limit: number;
}

/** Items before the page. */
export function offsetOf({ page, limit }: Paging): number {
  return (page - 1) * limit;
}

/** A page of these items. @param counted the row of `select count(*) as total`; a total of 0 without it */
export function pageOf<Item>(
  items: Item[],
  counted: { readonly total: number } | undefined,
  { page, limit }: Paging,
): Page<Item> {
  return { items, total: counted?.total ?? 0, page, limit };
}

/** The same page with each item mapped. */
export function mapPage<Item, Mapped>({ items, ...page }: Page<Item>, map: (item: Item) => Mapped): Page<Mapped> {
  return { ...page, items: items.map(map) };
}
