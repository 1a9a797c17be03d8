import type { Page } from 'playwright-core';

/** The changes that a page sent to an address. */
export interface SentChanges {
  sent: number;
  readonly keys: Set<string>;
}

/** Lets the first change at this address reach the server and loses its answer. Counts the changes and their keys. */
export async function loseFirstAnswer(page: Page, address: string): Promise<SentChanges> {
  const changes: SentChanges = { sent: 0, keys: new Set() };
  await page.route(address, async (route) => {
    const request = route.request();
    if (request.method() === 'GET') return route.continue();
    changes.sent += 1;
    changes.keys.add(request.headers()['idempotency-key'] ?? '');
    if (changes.sent > 1) return route.continue();
    await route.fetch();
    await route.abort();
  });
  return changes;
}
