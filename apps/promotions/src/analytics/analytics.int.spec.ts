import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#kernel/ids.js';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { Transactions } from '#persistence/transaction.js';
import { JournalWriter, personNamed } from '../../test/journal-writer.js';
import { OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { someCode } from '../../test/some-code.js';
import { invariantChecks } from '../invariant-checks.js';
import { AnalyticsStore } from './analytics.store.js';
import { ListApplications } from './journal/list-applications.js';
import { ListReceipts } from './journal/list-receipts.js';
import { ProveCode } from './prove-code.js';
import { RankCodes } from './rank-codes.js';
import { ReadOfferAnalytics } from './read-offer-analytics.js';
import { ReadSeries } from './read-series.js';
import { RollUp } from './rollups/roll-up.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

const analyticsOf = ({ codeId }: JournalWriter, more: { from?: string; to?: string; currency?: string } = {}) =>
  harness.get(ReadOfferAnalytics).execute({ code_id: codeId, owned_by: null, ...more });
const rollUp = () => harness.get(RollUp).execute();

/** Where the rollups do not say what the journal says. */
async function rollupViolations(): Promise<string[]> {
  const ofRollups = invariantChecks.filter(({ counted }) => counted.startsWith('rollup'));
  const findings = await checkInvariants(ofRollups, (sql) => harness.query(sql));
  return findings.flatMap(({ violations }) => violations);
}

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
      total_uses: 4,
      offer_breakdown: [
        { offer_id: 'course', offer_name: 'A course', uses: 3, total_bonus: 12.65, unique_users: 2 },
        { offer_id: 'gone', offer_name: null, uses: 1, total_bonus: 0.01, unique_users: 1 },
      ],
    });
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
      total_uses: 0,
      offer_breakdown: [],
    });
  });

  it('count uses without an offer as such', async () => {
    const journal = await JournalWriter.open(harness);
    await journal.redeem({ personId: personNamed('a'), offerId: null, at: '2026-03-01T10:00:00Z' });
    expect((await analyticsOf(journal)).offer_breakdown).toEqual([
      { offer_id: null, offer_name: null, uses: 1, total_bonus: 1, unique_users: 1 },
    ]);
  });

  it('give discounts no bonus', async () => {
    const journal = await JournalWriter.open(harness, { kind: 'discount' });
    await journal.redeem({ personId: personNamed('a'), at: '2026-03-01T10:00:00Z' });
    expect((await analyticsOf(journal)).offer_breakdown[0]).toMatchObject({ uses: 1, total_bonus: 0 });
  });

  it('do not add up two currencies, but tell each when it is named', async () => {
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
    for (const [currency, bonus] of Object.entries({ EUR: 1.5, JPY: 150, KWD: 1.5, USD: 0 })) {
      const { offer_breakdown: offers } = await analyticsOf(journal, { currency });
      expect(offers).toEqual([expect.objectContaining({ uses: 3, total_bonus: bonus, unique_users: 1 })]);
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
const day = fc.integer({ min: 1, max: 6 }).map((number) => `2026-03-0${number}`);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('redeem' as const),
      person: fc.integer({ min: 0, max: 3 }),
      offer: fc.integer({ min: 0, max: 1 }),
      day,
      bonus: fc.integer({ min: 0, max: 9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('reverse' as const), which: fc.nat(), day, keepsSlot: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('roll up' as const) }) },
);

describe('whatever was used and reversed, and however far the rollups are', () => {
  interface Known {
    id: string;
    person: string;
    offer: string;
    day: string;
    bonus: number;
    reversedOn?: string;
    keepsSlot?: boolean;
  }

  it('every number is what counting the uses gives', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), day, day, async (steps, one, other) => {
        const journal = await JournalWriter.open(harness);
        const uses: Known[] = [];
        for (const taken of steps) {
          if (taken.what === 'roll up') await rollUp();
          if (taken.what === 'redeem') {
            const person = personNamed(`p${taken.person}`);
            const offer = `offer-${taken.offer}`;
            const id = await journal.redeem({
              personId: person,
              offerId: offer,
              at: `${taken.day}T23:59:59.999999Z`,
              benefitMinor: taken.bonus,
            });
            uses.push({ id, person, offer, day: taken.day, bonus: taken.bonus });
          }
          if (taken.what === 'reverse') {
            const standing = uses.filter(({ reversedOn }) => !reversedOn);
            const use = standing[taken.which % (standing.length || 1)];
            if (!use) continue;
            Object.assign(use, { reversedOn: taken.day, keepsSlot: taken.keepsSlot });
            await journal.reverse(use.id, `${taken.day}T00:00:00Z`, taken.keepsSlot);
          }
        }
        const [from, to] = [one, other].sort() as [string, string];
        const inSpan = (at: string) => from <= at && at <= to;
        for (const within of [() => true, inSpan]) {
          const counted = uses.filter((use) => within(use.day) && (!use.reversedOn || use.keepsSlot));
          const { total_uses: total, offer_breakdown: offers } = await analyticsOf(
            journal,
            within === inSpan ? { from, to } : {},
          );
          expect(total).toBe(counted.length);
          for (const { offer_id: offer, uses: count, unique_users: persons, total_bonus: bonus } of offers) {
            const ofOffer = counted.filter((use) => use.offer === offer);
            expect([offer, count]).toEqual([offer, ofOffer.length]);
            expect([offer, persons]).toEqual([offer, new Set(ofOffer.map(({ person }) => person)).size]);
            const kept = ofOffer.filter(({ reversedOn }) => !reversedOn).reduce((sum, use) => sum + use.bonus, 0);
            expect([offer, bonus]).toEqual([offer, kept / 100]);
          }
        }
        const series = await harness.get(ReadSeries).execute({ code_id: journal.codeId, owned_by: null, from, to });
        for (const told of series.days) {
          const redeemed = uses.filter((use) => use.day === told.day);
          const reversed = uses.filter((use) => use.reversedOn === told.day);
          expect(told).toMatchObject({ redemptions: redeemed.length, reversals: reversed.length });
          expect(told.amounts[0]?.bonus_minor ?? 0).toBe(redeemed.reduce((sum, { bonus }) => sum + bonus, 0));
          expect(told.amounts[0]?.taken_back_minor ?? 0).toBe(reversed.reduce((sum, { bonus }) => sum + bonus, 0));
        }
        const list = await harness.get(ListApplications).page({ code_id: journal.codeId, page: 1, limit: 200 });
        expect(list.total).toBe(uses.length);
        expect(
          list.applications.map(({ user_id, offer_id, bonus_earned }) => [user_id, offer_id, bonus_earned]),
        ).toEqual(
          uses
            .toReversed()
            .map(({ person, offer, bonus, reversedOn }) => [person, offer, reversedOn ? 0 : bonus / 100]),
        );
        expect(await harness.get(ProveCode).execute(journal.codeId)).toMatchObject({
          agrees: true,
          disagreements: [],
        });
        expect(await rollupViolations()).toEqual([]);
      }),
      { numRuns: 40 },
    ));

  it('two rollups at the same time count each entry once', async () => {
    await rollUp();
    const journal = await JournalWriter.open(harness);
    for (let index = 0; index < 20; index += 1) {
      await journal.redeem({ personId: personNamed(`p${index % 5}`), at: `2026-03-0${1 + (index % 3)}T10:00:00Z` });
    }
    const taken = await Promise.all([rollUp(), rollUp(), rollUp()]);
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(20);
    expect((await analyticsOf(journal)).offer_breakdown).toEqual([
      expect.objectContaining({ uses: 20, unique_users: 5, total_bonus: 20 }),
    ]);
  });
});

describe('the list of applications', () => {
  it('has exactly the promised shape', async () => {
    const journal = await JournalWriter.open(harness);
    const personId = newId();
    await harness.query(
      `insert into person (id, name, username, email) values ($1, 'Asha Rao', 'asha', 'asha@example.org')`,
      [personId],
    );
    await journal.redeem({
      personId,
      offerId: 'gone',
      at: '2026-03-01T10:00:00Z',
      benefitMinor: 1_250,
      conversionId: 'c-1',
    });
    expect(await harness.get(ListApplications).page({ code_id: journal.codeId, page: 1, limit: 50 })).toEqual({
      applications: [
        {
          user_id: personId,
          username: 'asha',
          email: 'asha@example.org',
          offer_id: 'gone',
          offer_name: null,
          applied_at: '2026-03-01T10:00:00Z',
          bonus_earned: 12.5,
          conversion_id: 'c-1',
        },
      ],
      total: 1,
      page: 1,
      limit: 50,
    });
  });

  it('is stable while others come, and empty past its end with the right total', async () => {
    const journal = await JournalWriter.open(harness);
    const list = harness.get(ListApplications);
    const page = async (number: number, total?: number) => {
      const answer = await list.page({ code_id: journal.codeId, page: number, limit: 3, total });
      return [answer.total, answer.applications.map(({ conversion_id: id }) => id)];
    };
    const redeem = (name: string) =>
      journal.redeem({
        personId: personNamed('a'),
        at: '2026-03-01T10:00:00Z',
        conversionId: `${journal.codeId}-${name}`,
      });
    const named = (...names: string[]) => names.map((name) => `${journal.codeId}-${name}`);
    const second = await [await redeem('1'), await redeem('2')][1];
    await redeem('3');
    await journal.reverse(second as string, '2026-03-02T10:00:00Z');
    await redeem('4');
    expect(await page(1)).toEqual([4, named('4', '3', '2')]);
    await redeem('5');
    expect(await page(2, 4)).toEqual([4, named('1')]);
    expect(await page(2)).toEqual([5, named('2', '1')]);
    expect(await page(3)).toEqual([5, []]);
    expect(await page(1_000)).toEqual([5, []]);
    expect(await page(1, 99)).toEqual([5, named('5', '4', '3')]);
    expect(await page(1, 0)).toEqual([0, []]);
  });

  it('comes whole in pieces', async () => {
    const journal = await JournalWriter.open(harness);
    for (let index = 0; index < 7; index += 1) {
      await journal.redeem({
        personId: personNamed('a'),
        at: '2026-03-01T10:00:00Z',
        conversionId: `${journal.codeId}-${index}`,
      });
    }
    const seen: (string | null)[] = [];
    for (let below: number | null = null; ; ) {
      const piece = await harness.get(ListApplications).piece({ code_id: journal.codeId, below, limit: 3 });
      seen.push(...piece.applications.map(({ conversion_id: id }) => id));
      below = piece.next;
      if (below === null) break;
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `${journal.codeId}-${index}`));
  });

  it('of an unknown code is not there', async () => {
    await expect(harness.get(ListApplications).page({ code_id: newId(), page: 1, limit: 50 })).rejects.toMatchObject({
      code: 'PROMO_CODE_NOT_FOUND',
    });
  });
});

describe('the series of a code', () => {
  it('tells every day, the last thirty by default', async () => {
    const journal = await JournalWriter.open(harness);
    await journal.redeem({ personId: personNamed('a'), at: '2026-03-01T00:00:00Z', revenueMinor: 5_000 });
    const series = await harness.get(ReadSeries).execute({ code_id: journal.codeId, owned_by: null });
    expect([series.from, series.to, series.days.length]).toEqual(['2026-02-01', '2026-03-02', 30]);
    expect(series.days.at(-2)).toEqual({
      day: '2026-03-01',
      redemptions: 1,
      reversals: 0,
      amounts: [{ currency: 'EUR', discount_minor: 0, bonus_minor: 100, taken_back_minor: 0, revenue_minor: 5_000 }],
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

describe('the proof of a code', () => {
  it('names what does not agree', async () => {
    const journal = await JournalWriter.open(harness);
    await journal.redeem({ personId: personNamed('a'), at: '2026-03-01T10:00:00Z' });
    await harness.query('update promo_code set used = 5, held = 2 where id = $1', [journal.codeId]);
    const proof = await harness.get(ProveCode).execute(journal.codeId);
    expect(proof).toMatchObject({
      counter: 5,
      sum_of_rows: 1,
      analytics: 1,
      holds: { counter: 2, rows: 0 },
      agrees: false,
    });
    expect(proof.disagreements).toHaveLength(4);
  });

  it('names what the rollups hold of persons and what they do not', async () => {
    const journal = await JournalWriter.open(harness);
    await journal.redeem({ personId: personNamed('a'), at: '2026-03-01T10:00:00Z' });
    await journal.redeem({ personId: personNamed('a'), at: '2026-03-02T10:00:00Z' });
    await rollUp();
    await harness.query('update rollup_person set uses = 3 where code_id = $1 and day = $2', [
      journal.codeId,
      '2026-03-02',
    ]);
    await harness.query('delete from rollup_visit where code_id = $1 and day = $2', [journal.codeId, '2026-03-02']);
    expect(await harness.get(ProveCode).execute(journal.codeId)).toMatchObject({
      agrees: false,
      disagreements: [
        'The rollups hold 2 uses; added up over persons and days they are 4.',
        'Persons used offers on 2 days; counted by offer and day they are 1.',
      ],
    });
  });
});

describe('what conversions and their reversals leave', () => {
  it('is told by analytics, lists, series, proof and receipts alike, while the rollups run', async () => {
    const system = await OutsideSystem.open(harness);
    const code = await someCode(harness, { kind: 'bonus', amount_minor: 250, currency: 'EUR', max_uses: 30 });
    const persons = await system.persons(10);
    await system.apply(persons, [code.id]);
    const told = Array.from({ length: 40 }, (_, index) => system.conversion(persons[index % 10] as string));
    await Promise.all([...told.map((conversion) => system.record(conversion)), rollUp(), rollUp()]);
    const { applications } = await harness.get(ListApplications).page({ code_id: code.id, page: 1, limit: 200 });
    expect(applications).toHaveLength(30);
    // Two reasons give the slot back, one does not.
    const [first, second, third] = applications.map(({ conversion_id: id }) => id as string) as [
      string,
      string,
      string,
    ];
    harness.clock.moveBy({ hours: 24 });
    await system.reverse(first, 'refund');
    await system.reverse(second, 'refund');
    await system.reverse(third, 'fraud');
    const asked = { code_id: code.id, owned_by: null };
    for (const refresh of [async () => 0, rollUp]) {
      await refresh();
      const { total_uses: total, offer_breakdown: offers } = await harness.get(ReadOfferAnalytics).execute(asked);
      expect(total).toBe(28);
      expect(offers).toEqual([
        { offer_id: system.offerId, offer_name: system.offerId, uses: 28, total_bonus: 67.5, unique_users: 10 },
      ]);
      expect(await harness.get(ProveCode).execute(code.id)).toMatchObject({
        counter: 28,
        sum_of_rows: 28,
        analytics: 28,
        holds: { counter: 0, rows: 0 },
        per_person: 28,
        per_offer: 28,
        agrees: true,
        disagreements: [],
      });
      const { days } = await harness.get(ReadSeries).execute(asked);
      expect(days.slice(-2)).toMatchObject([
        { redemptions: 30, reversals: 0, amounts: [{ currency: 'EUR', bonus_minor: 7_500, taken_back_minor: 0 }] },
        { redemptions: 0, reversals: 3, amounts: [{ currency: 'EUR', bonus_minor: 0, taken_back_minor: 750 }] },
      ]);
    }
    const list = await harness.get(ListApplications).page({ code_id: code.id, page: 1, limit: 4 });
    expect([list.total, list.applications.map(({ bonus_earned: bonus }) => bonus)]).toEqual([30, [0, 0, 0, 2.5]]);
    const receipts = await harness.get(ListReceipts).execute({ code_id: code.id, page: 1, limit: 200 });
    expect(receipts.total).toBe(43);
    expect(receipts.items[0]).toMatchObject({ what: 'reverse', allowed: true, code_id: code.id });
    expect(receipts.items.filter(({ reason }) => reason === 'PROMO_CODE_USED_UP')).toHaveLength(10);
    const ofPerson = await harness
      .get(ListReceipts)
      .execute({ code_id: code.id, person_id: persons[0], page: 1, limit: 2 });
    expect(ofPerson.items).toHaveLength(2);
    expect(ofPerson.items.every(({ person_id: id }) => id === persons[0])).toBe(true);
  });
});
