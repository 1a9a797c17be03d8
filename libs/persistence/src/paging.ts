/** Which part of a list is asked for; pages count from 1. */
export interface Paging {
  readonly page: number;
  readonly limit: number;
}

/** One page of a list. */
export interface Page<Item> {
  readonly items: Item[];
  /** How many there are on all pages. */
  readonly total: number;
  readonly page: number;
  readonly limit: number;
}

/** How many items lie before the page. */
export function offsetOf({ page, limit }: Paging): number {
  return (page - 1) * limit;
}

/** A page of what was found there. @param counted the row of `select count(*) as total`, where there is one */
export function pageOf<Item>(
  items: Item[],
  counted: { readonly total: number } | undefined,
  { page, limit }: Paging,
): Page<Item> {
  return { items, total: counted?.total ?? 0, page, limit };
}

/** The same page, its items told in another way. */
export function mapPage<Item, Told>({ items, ...page }: Page<Item>, tell: (item: Item) => Told): Page<Told> {
  return { ...page, items: items.map(tell) };
}
