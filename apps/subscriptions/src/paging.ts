/** Which part of a list is asked for; pages count from 1. */
export interface Paging {
  readonly page: number;
  readonly limit: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** How many there are on all pages. */
  readonly total: number;
  readonly page: number;
  readonly limit: number;
}

export function offsetOf({ page, limit }: Paging): number {
  return (page - 1) * limit;
}

/** The same page, its items told in another way. */
export function mapPage<Item, Told>(
  { items, total, page, limit }: Page<Item>,
  tell: (item: Item) => Told,
): { items: Told[]; total: number; page: number; limit: number } {
  return { items: items.map(tell), total, page, limit };
}
