import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodeAdmin } from '../../test/code-admin.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import type { CodeView } from './code-view.js';
import { ReadCodes } from './read-codes.js';

let harness: PromotionsHarness;
let admin: CodeAdmin;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  admin = new CodeAdmin(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

describe('lists of codes', () => {
  let codes: CodeView[];

  beforeAll(async () => {
    codes = [];
    for (const [index, status] of (['active', 'paused', 'active', 'draft'] as const).entries()) {
      const kind = index % 2 ? 'bonus' : 'discount';
      codes.push(
        await admin.create({
          code: `Listed_${index}%`,
          title: `Nr ${index} of the Lists`,
          owner_id: 'lister',
          kind,
          status,
        }),
      );
    }
    await admin.changeStatus(codes[3] as CodeView, 'archive');
  });

  const list = async (filter: Partial<Parameters<ReadCodes['list']>[0]>) => {
    const { items, total } = await harness.get(ReadCodes).list({ owner_id: 'lister', page: 1, limit: 10, ...filter });
    return [items.map(({ code }) => code), total];
  };

  it('begin with the newest code and include archived codes only on request', async () => {
    expect(await list({})).toEqual([['Listed_2%', 'Listed_1%', 'Listed_0%'], 3]);
    expect(await list({ status: 'archived' })).toEqual([['Listed_3%'], 1]);
    expect(await list({ status: 'active' })).toEqual([['Listed_2%', 'Listed_0%'], 2]);
    expect(await list({ kind: 'bonus' })).toEqual([['Listed_1%'], 1]);
    expect(await list({ page: 2, limit: 2 })).toEqual([['Listed_0%'], 3]);
    expect(await list({ page: 9, limit: 2 })).toEqual([[], 3]);
  });

  it('find the beginning of a code in any case, and parts of titles', async () => {
    expect(await list({ search: 'lISTED_1' })).toEqual([['Listed_1%'], 1]);
    expect(await list({ search: '2 OF the' })).toEqual([['Listed_2%'], 1]);
    expect(await list({ search: '%' })).toEqual([[], 0]);
    expect(await list({ search: 'isted_' })).toEqual([[], 0]);
  });

  it('are exported in pages, each after the last code of the one before', async () => {
    const pages: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<ReadCodes['export']>> = await harness
        .get(ReadCodes)
        .export({ owner_id: 'lister', after, limit: 2 });
      pages.push(...page.items.map(({ code }) => code));
      after = page.next;
    } while (after);
    expect(pages).toEqual(['Listed_0%', 'Listed_1%', 'Listed_2%']);
  });
});
