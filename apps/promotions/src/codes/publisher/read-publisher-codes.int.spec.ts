import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodeAdmin } from '../../../test/code-admin.js';
import { PromotionsHarness } from '../../../test/promotions-harness.js';
import { ReadCodes } from '../read-codes.js';
import { ReadPublisherCodes } from './read-publisher-codes.js';

let harness: PromotionsHarness;
let admin: CodeAdmin;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  admin = new CodeAdmin(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

describe('a publisher', () => {
  it('reads only their own codes, with the remaining uses and the availability', async () => {
    await harness.query(
      `insert into offer (id, name, registered_at, changed_at) values ('out-1', 'Outside', now(), now())`,
    );
    const code = await admin.create({
      owner_id: 'publisher-1',
      amount_minor: 500,
      currency: 'EUR',
      minimum_minor: 2_000,
      budget_minor: 10_000,
      max_uses: 10,
      offers_rule: 'some',
      offers: ['out-1', 'gone'],
      valid_until: '2026-03-03T01:00:00Z',
      active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
    });
    await admin.setUsage(code, 3, 2);
    const publishers = harness.get(ReadPublisherCodes);
    const seen = await publishers.one({ code_id: code.code_id, owned_by: 'publisher-1' });
    expect(seen).toMatchObject({
      benefit: '5.00 EUR, from 20.00 EUR on',
      hours: {
        as_of: '2026-03-02T09:00:00Z',
        open: false,
        local_time: '2026-03-02 14:30:00',
        next_opens_at: '2026-03-03T00:30:00Z',
        closes_at: null,
        seconds_to_opening: 55_800,
        seconds_to_closing: null,
      },
      uses: { used: 3, held: 2, max_uses: 10, remaining: 5 },
      money: { given_minor: 0, budget_minor: 10_000, remaining_minor: 10_000 },
      offers: {
        rule: 'some',
        offers: [
          { offer_id: 'out-1', name: 'Outside' },
          { offer_id: 'gone', name: null },
        ],
      },
    });
    expect((await publishers.list({ owned_by: 'publisher-1', page: 1, limit: 5 })).items).toEqual([seen]);
    await expect(publishers.one({ code_id: code.code_id, owned_by: 'publisher-2' })).rejects.toMatchObject({
      code: 'PROMO_CODE_NOT_FOUND',
    });
    const openings = harness.get(ReadCodes);
    await expect(openings.openings({ code_id: code.code_id, owned_by: 'publisher-2', days: 1 })).rejects.toMatchObject({
      code: 'PROMO_CODE_NOT_FOUND',
    });
  });

  it('previews 400 days, with the days on which a change of the clocks affects the hours', async () => {
    const code = await admin.create({
      active_hours: { enabled: true, start_time: '02:15', end_time: '02:45', timezone: 'America/New_York' },
    });
    const ahead = await harness.get(ReadCodes).openings({ code_id: code.code_id, owned_by: null, days: 400 });
    expect(ahead.openings).toHaveLength(400);
    expect(ahead.openings[0]).toMatchObject({ day: '2026-03-02', clock_change: 'none' });
    expect(ahead.openings.filter(({ clock_change }) => clock_change !== 'none')).toEqual([
      { day: '2026-03-08', clock_change: 'skipped', seconds: 0, intervals: [] },
      { day: '2027-03-14', clock_change: 'skipped', seconds: 0, intervals: [] },
    ]);
  });
});
