import { expect } from '@jest/globals';
import { mapPage, type Page, type Paging } from '#persistence/paging.js';

/** A list by the keys of its items, and how further rows arrive in it: at both ends, and between the others. */
export interface ChangingList {
  readonly read: (paging: Paging) => Promise<Page<unknown>>;
  readonly arrive: () => Promise<unknown>;
}

/** A list whose items have these keys. */
export function changingList<Item>(
  read: (paging: Paging) => Promise<Page<Item>>,
  keyOf: (item: Item) => unknown,
  arrive: () => Promise<unknown>,
): ChangingList {
  return { read: async (paging) => mapPage(await read(paging), keyOf), arrive };
}

/** Reads a list of seven rows or more in every way, while rows arrive. No row may be repeated or skipped. */
export async function expectStablePages({ read, arrive }: ChangingList): Promise<void> {
  const whole = await read({ limit: 200 });
  const all = whole.items;
  expect(all.length).toBeGreaterThanOrEqual(7);
  expect(whole).toEqual({ items: all, total: all.length, page: 1, limit: 200, next_cursor: null });
  // The cursor of a page by number continues the list as well.
  const second = await read({ page: 2, limit: 2, count: false });
  expect(second).toEqual({ items: all.slice(2, 4), page: 2, limit: 2, next_cursor: expect.any(String) });
  const rest = await read({ after: String(second.next_cursor), limit: 200 });
  expect(rest).toEqual({ items: all.slice(4), total: all.length, limit: 200, next_cursor: null });

  const seen: unknown[] = [];
  let after: string | undefined;
  for (let pages = 0; pages === 0 || after !== undefined; pages += 1) {
    expect(pages).toBeLessThan(200);
    const page = await read({ limit: 2, count: false, ...(after !== undefined && { after }) });
    seen.push(...page.items);
    after = page.next_cursor ?? undefined;
    if (pages < 5) await arrive();
  }
  expect(seen).toEqual([...new Set(seen)]);
  expect(seen.filter((key) => all.includes(key))).toEqual(all);
}
