import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cursorOf } from '#contracts/cursors.js';
import { listPromoCodes, previewHoursBody } from '#contracts/promotions/promo-codes.js';
import { newId } from '#kernel/ids.js';
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

  it('are in the order of their texts, or oldest first', async () => {
    expect(await list({ sort: 'code' })).toEqual([['Listed_0%', 'Listed_1%', 'Listed_2%'], 3]);
    expect(await list({ sort: 'oldest' })).toEqual([['Listed_0%', 'Listed_1%', 'Listed_2%'], 3]);
    expect(await list({ sort: 'newest', limit: 1 })).toEqual([['Listed_2%'], 3]);
    expect(await list({ sort: 'code', status: 'archived' })).toEqual([['Listed_3%'], 1]);
  });

  it('go on after a cursor of the same order alone', async () => {
    const cursorOfList = async (filter: Partial<Parameters<ReadCodes['list']>[0]>) =>
      (await harness.get(ReadCodes).list({ owner_id: 'lister', limit: 1, ...filter })).next_cursor ?? undefined;
    const [byCreation, byText] = [await cursorOfList({}), await cursorOfList({ sort: 'code' })];
    const accepts = (filter: object) => listPromoCodes.request.safeParse({ limit: 1, ...filter }).success;
    expect(accepts({ after: byCreation })).toBe(true);
    expect(accepts({ after: byCreation, sort: 'oldest' })).toBe(true);
    expect(accepts({ after: byText, sort: 'code' })).toBe(true);
    expect(accepts({ after: byText })).toBe(false);
    expect(accepts({ after: byText, sort: 'code', status: 'archived' })).toBe(false);
    expect(accepts({ after: cursorOf(['ABC', newId()]), sort: 'code', status: 'archived' })).toBe(true);
    expect(accepts({ after: cursorOf(['ABC', newId()]), sort: 'code' })).toBe(false);
  });

  it('say what remains, and whether hours and validity allow a use now', async () => {
    const code = await admin.create({
      owner_id: 'timed',
      active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
      max_uses: 10,
      budget_minor: 10_000,
      currency: 'EUR',
      valid_until: '2026-03-04T00:00:00Z',
    });
    await admin.setUsage(code, 3, 2);
    const availability = {
      remaining: 5,
      remaining_minor: 10_000,
      as_of: '2026-03-02T09:00:00Z',
      open: false,
      next_opens_at: '2026-03-03T00:30:00Z',
      closes_at: null,
    };
    expect((await harness.get(ReadCodes).list({ owner_id: 'timed', limit: 1 })).items[0]).toMatchObject(availability);
    expect(await admin.read(code)).toMatchObject(availability);
    const unlimited = await admin.create({ owner_id: 'timed' });
    expect(unlimited).toMatchObject({ remaining: null, remaining_minor: null, open: true, next_opens_at: null });
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

describe('hours that are not saved', () => {
  const preview = (body: object) => harness.get(ReadCodes).previewHours(previewHoursBody.parse(body));
  const hours = { enabled: true, start_time: '02:15', end_time: '02:45', timezone: 'America/New_York' };

  it('are previewed with the days on which a change of the clocks affects them', () => {
    const seen = preview({ active_hours: hours, days: [7], from: '2026-03-07', count: 10 });
    expect(seen).toEqual({
      timezone: 'America/New_York',
      as_of: '2026-03-02T09:00:00Z',
      local_time: '2026-03-02 04:00:00',
      open: false,
      // The window of the eighth is skipped.
      next_opens_at: '2026-03-15T06:15:00Z',
      closes_at: null,
      openings: [
        { day: '2026-03-08', clock_change: 'skipped', seconds: 0, intervals: [] },
        {
          day: '2026-03-15',
          clock_change: 'none',
          seconds: 1_860,
          intervals: [{ opens_at: '2026-03-15T06:15:00Z', closes_at: '2026-03-15T06:46:00Z' }],
        },
      ],
    });
    expect(preview({}).openings).toHaveLength(14);
    expect(preview({ valid_until: '2026-03-02T10:00:00Z' })).toMatchObject({
      open: true,
      closes_at: '2026-03-02T10:00:00Z',
    });
  });

  it('are refused as when a code is saved, by the member', () => {
    const refusal = (body: object) => {
      try {
        return preview(body);
      } catch (error) {
        return error;
      }
    };
    expect(refusal({ active_hours: { ...hours, end_time: '24:00' } })).toMatchObject({
      code: 'ACTIVE_HOURS_INVALID',
      details: { field: 'active_hours.end_time' },
    });
    expect(refusal({ active_hours: { ...hours, timezone: 'Asia/Nowhere' } })).toMatchObject({
      code: 'TIME_ZONE_UNKNOWN',
      details: { field: 'active_hours.timezone' },
    });
    expect(refusal({ days: [1, 1] })).toMatchObject({ code: 'PROMO_CODE_INVALID', details: { field: 'days' } });
    const reversed = { valid_from: '2026-03-02T10:00:00Z', valid_until: '2026-03-02T10:00:00Z' };
    expect(refusal(reversed)).toMatchObject({ code: 'DATES_REVERSED', details: { field: 'valid_until' } });
  });
});
