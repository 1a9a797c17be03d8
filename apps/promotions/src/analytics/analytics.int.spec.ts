import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { JournalWriter, personNamed } from '../../test/journal-writer.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { AnalyticsStore } from './analytics.store.js';
import { RankCodes } from './rank-codes.js';
import { ReadOfferAnalytics } from './read-offer-analytics.js';
import { ReadSeries } from './read-series.js';
import { RollUp } from './rollups/roll-up.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

const analyticsOf = ({ codeId }: JournalWriter, more: Record<string, string> = {}) =>
  harness.get(ReadOfferAnalytics).execute({ code_id: codeId, owned_by: null, ...more });
const rollUp = () => harness.get(RollUp).execute();

describe('the analytics of a code', () => {
  it('have exactly the promised shape, in major units', async () => {
    const journal = await JournalWriter.open(harness, { code: 'Winter26' });
    await harness.query(
      `insert into offer (id, name, registered_at, changed_at) values ('course', 'A course', now(), now())`,
    );
    await journal.redeem({
      personId: personNamed('a'),
      offerId: 'course',
      at: '2026-03-01T10:00:00Z',
      benefitMinor: 1_250,
    });
    await journal.redeem({
      personId: personNamed('a'),
      offerId: 'course',
      at: '2026-03-02T10:00:00Z',
      benefitMinor: 5,
    });
    await journal.redeem({
      personId: personNamed('b'),
      offerId: 'course',
      at: '2026-03-02T11:00:00Z',
      benefitMinor: 10,
    });
    await journal.redeem({ personId: personNamed('a'), offerId: 'gone', at: '2026-03-02T12:00:00Z', benefitMinor: 1 });
    expect(await analyticsOf(journal)).toEqual({
      code: 'Winter26',
      currency: 'EUR',
      total_uses: 4,
      total_bonus_minor: 1_266,
      offer_breakdown: [
        {
          offer_id: 'course',
          offer_name: 'A course',
          uses: 3,
          total_bonus: 12.65,
          total_bonus_minor: 1_265,
          currency: 'EUR',
          unique_users: 2,
        },
        {
          offer_id: 'gone',
          offer_name: null,
          uses: 1,
          total_bonus: 0.01,
          total_bonus_minor: 1,
          currency: 'EUR',
          unique_users: 1,
        },
      ],
    });
    const found = async (filter: { offer_id?: string; search?: string }) => {
      const {
        total_uses: uses,
        total_bonus_minor: bonus,
        offer_breakdown: offers,
      } = await analyticsOf(journal, filter);
      return [uses, bonus, offers.map(({ offer_id }) => offer_id)];
    };
    expect(await found({ offer_id: 'course' })).toEqual([3, 1_265, ['course']]);
    expect(await found({ search: 'A COU' })).toEqual([3, 1_265, ['course']]);
    expect(await found({ search: 'gO' })).toEqual([1, 1, ['gone']]);
    expect(await found({ search: 'one' })).toEqual([0, 0, []]);
  });

  it('keep the name of an offer that was deleted', async () => {
    const journal = await JournalWriter.open(harness);
    await harness.query(
      `insert into offer (id, name, registered_at, changed_at, deleted_at) values ('old', 'An old one', now(), now(), now())`,
    );
    await journal.redeem({ personId: personNamed('a'), offerId: 'old', at: '2026-03-01T10:00:00Z' });
    expect((await analyticsOf(journal)).offer_breakdown[0]?.offer_name).toBe('An old one');
  });

  it('of a code without uses are empty', async () => {
    expect(await analyticsOf(await JournalWriter.open(harness, { code: 'Unused' }))).toEqual({
      code: 'Unused',
      currency: null,
      total_uses: 0,
      total_bonus_minor: 0,
      offer_breakdown: [],
    });
  });

  it('count uses without an offer as such', async () => {
    const journal = await JournalWriter.open(harness);
    await journal.redeem({ personId: personNamed('a'), offerId: null, at: '2026-03-01T10:00:00Z' });
    expect((await analyticsOf(journal)).offer_breakdown).toEqual([
      expect.objectContaining({ offer_id: null, uses: 1, total_bonus: 1, total_bonus_minor: 100, currency: 'EUR' }),
    ]);
  });

  it('give discounts no bonus', async () => {
    const journal = await JournalWriter.open(harness, { kind: 'discount' });
    await journal.redeem({ personId: personNamed('a'), at: '2026-03-01T10:00:00Z' });
    expect((await analyticsOf(journal)).offer_breakdown[0]).toMatchObject({ uses: 1, total_bonus: 0 });
  });

  it('do not add up two currencies, but show each when it is named', async () => {
    const journal = await JournalWriter.open(harness);
    await journal.redeem({ personId: personNamed('a'), at: '2026-03-01T10:00:00Z', benefitMinor: 150 });
    await journal.redeem({
      personId: personNamed('a'),
      at: '2026-03-01T10:00:00Z',
      benefitMinor: 150,
      currency: 'JPY',
    });
    await journal.redeem({
      personId: personNamed('a'),
      at: '2026-03-01T10:00:00Z',
      benefitMinor: 1_500,
      currency: 'KWD',
    });
    await expect(analyticsOf(journal)).rejects.toMatchObject({
      code: 'SEVERAL_CURRENCIES',
      details: { currencies: ['EUR', 'JPY', 'KWD'] },
    });
    await journal.redeem({ personId: personNamed('a'), offerId: 'other', at: '2026-03-01T10:00:00Z' });
    const single = await analyticsOf(journal, { offer_id: 'other' });
    expect([single.currency, single.total_bonus_minor]).toEqual(['EUR', 100]);
    for (const [currency, bonus] of Object.entries({ EUR: 1.5, JPY: 150, KWD: 1.5, USD: 0 })) {
      const { offer_breakdown: offers } = await analyticsOf(journal, { currency });
      expect(offers[0]).toMatchObject({ uses: 3, total_bonus: bonus, unique_users: 1 });
    }
  });

  it('are not there for a publisher whose code it is not', async () => {
    const journal = await JournalWriter.open(harness, { ownerId: 'publisher-1' });
    const asked = (ownedBy: string) =>
      harness.get(ReadOfferAnalytics).execute({ code_id: journal.codeId, owned_by: ownedBy });
    await expect(asked('publisher-2')).rejects.toMatchObject({ code: 'PROMO_CODE_NOT_FOUND' });
    expect((await asked('publisher-1')).total_uses).toBe(0);
  });

  it('refuse days in the wrong order', async () => {
    const journal = await JournalWriter.open(harness);
    await expect(analyticsOf(journal, { from: '2026-03-02', to: '2026-03-01' })).rejects.toMatchObject({
      code: 'DATES_REVERSED',
    });
  });

  it('take a reversal away from the day of its use, and keep the slot of one that is not given back', async () => {
    const journal = await JournalWriter.open(harness);
    const first = await journal.redeem({ personId: personNamed('a'), at: '2026-03-01T10:00:00Z' });
    const second = await journal.redeem({ personId: personNamed('b'), at: '2026-03-01T11:00:00Z' });
    await rollUp();
    await journal.reverse(first, '2026-03-05T10:00:00Z');
    await journal.reverse(second, '2026-03-06T10:00:00Z', true);
    const expected = [expect.objectContaining({ uses: 1, total_bonus: 0, unique_users: 1 })];
    expect((await analyticsOf(journal, { to: '2026-03-01' })).offer_breakdown).toEqual(expected);
    await rollUp();
    expect((await analyticsOf(journal, { to: '2026-03-01' })).offer_breakdown).toEqual(expected);
    expect(await analyticsOf(journal, { from: '2026-03-02' })).toMatchObject({ total_uses: 0, offer_breakdown: [] });
  });
});

/** Days on which things happen, and some around them to ask for. */
describe('the series of a code', () => {
  it('lists every day, the last thirty by default', async () => {
    const journal = await JournalWriter.open(harness);
    await journal.redeem({ personId: personNamed('a'), at: '2026-03-01T00:00:00Z', revenueMinor: 5_000 });
    const series = await harness.get(ReadSeries).execute({ code_id: journal.codeId, owned_by: null });
    expect([series.from, series.to, series.days.length]).toEqual(['2026-02-01', '2026-03-02', 30]);
    expect(series.days.at(-2)).toEqual({
      day: '2026-03-01',
      redemptions: 1,
      reversals: 0,
      amounts: [{ currency: 'EUR', discount_minor: 0, bonus_minor: 100, reversed_minor: 0, revenue_minor: 5_000 }],
    });
    expect(series.days.at(-1)).toEqual({ day: '2026-03-02', redemptions: 0, reversals: 0, amounts: [] });
  });

  it('is bounded', async () => {
    const { codeId } = await JournalWriter.open(harness);
    const asked = harness.get(ReadSeries).execute({ code_id: codeId, owned_by: null, from: '2020-01-01' });
    await expect(asked).rejects.toMatchObject({ code: 'SPAN_TOO_LONG' });
  });

  it('begins with the first day that there is', async () => {
    const { codeId } = await JournalWriter.open(harness);
    const series = await harness.get(ReadSeries).execute({ code_id: codeId, owned_by: null, to: '0001-01-02' });
    expect(series.days.map(({ day }) => day)).toEqual(['0001-01-01', '0001-01-02']);
  });
});

describe('the top codes', () => {
  it('are ranked by what they did in the span, rolled up or not', async () => {
    const top = (by: 'redemptions' | 'bonus' | 'discount' | 'revenue', currency?: string) =>
      harness.get(RankCodes).execute({ by, currency, from: '1999-01-01', to: '1999-12-31', limit: 2 });
    const [often, much, cheaper] = [
      await JournalWriter.open(harness, { code: 'Often' }),
      await JournalWriter.open(harness, { code: 'Much' }),
      await JournalWriter.open(harness, { code: 'Cheaper', kind: 'discount' }),
    ];
    const at = '1999-06-01T10:00:00Z';
    for (let index = 0; index < 3; index += 1) await often.redeem({ personId: personNamed('a'), at });
    await rollUp();
    await much.redeem({ personId: personNamed('a'), at, benefitMinor: 900 });
    await much.redeem({ personId: personNamed('a'), at, benefitMinor: 9_000, currency: 'JPY' });
    await cheaper.redeem({ personId: personNamed('a'), at, revenueMinor: 70 });
    const codes = async (...asked: Parameters<typeof top>) => (await top(...asked)).items.map(({ code }) => code);
    expect(await codes('redemptions')).toEqual(['Often', 'Much']);
    expect(await codes('bonus', 'EUR')).toEqual(['Much', 'Often']);
    expect(await codes('bonus', 'JPY')).toEqual(['Much']);
    expect(await codes('discount', 'EUR')).toEqual(['Cheaper']);
    expect(await codes('revenue', 'EUR')).toEqual(['Cheaper']);
    expect(
      (await top('bonus', 'EUR')).items[0]?.amounts.map(({ currency, bonus_minor }) => [currency, bonus_minor]),
    ).toEqual([
      ['EUR', 900],
      ['JPY', 9_000],
    ]);
    await expect(top('bonus')).rejects.toMatchObject({ code: 'CURRENCY_REQUIRED' });
  });
});

it('new entries are looked for among the codes that were used alone', async () => {
  await harness.query(
    `insert into promo_code (id, code, folded, kind, percent_bp, status, created_at, updated_at, created_by)
     select gen_random_uuid(), 'UNUSED-' || i, 'UNUSED-' || i, 'bonus', 1000, 'active', now(), now(), 'test'
     from generate_series(1, 5000) as i`,
  );
  await harness.query('analyze promo_code');
  for (const statement of await statementsOf(async () => {
    await harness.get(AnalyticsStore).behind(newId(), 1_000);
    await harness.get(RankCodes).execute({ by: 'redemptions', from: '1999-01-01', to: '1999-12-31', limit: 2 });
  })) {
    const plan = await harness.query(`explain ${statement.sql}`, statement.values);
    expect(JSON.stringify(plan)).toContain('promo_code_used');
  }

  async function statementsOf(work: () => Promise<unknown>) {
    const transactions = harness.get(Transactions);
    const query = transactions.query.bind(transactions);
    const statements: { sql: string; values: readonly unknown[] }[] = [];
    transactions.query = (sql, values = []) => {
      statements.push({ sql, values });
      return query(sql, values);
    };
    await work();
    Object.assign(transactions, { query });
    return statements;
  }
});
