import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { JournalWriter, personNamed } from '../../../test/journal-writer.js';
import { OutsideSystem } from '../../../test/outside-system.js';
import { PromotionsHarness } from '../../../test/promotions-harness.js';
import { someCode } from '../../../test/some-code.js';
import { ListReceipts } from '../../decisions/list-receipts.js';
import { ProveCode } from '../prove-code.js';
import { ReadOfferAnalytics } from '../read-offer-analytics.js';
import { ReadSeries } from '../read-series.js';
import { RollUp } from '../rollups/roll-up.js';
import { ListApplications } from './list-applications.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

const rollUp = () => harness.get(RollUp).execute();

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
          bonus_earned_minor: 1_250,
          currency: 'EUR',
          conversion_id: 'c-1',
        },
      ],
      total: 1,
      page: 1,
      limit: 50,
      next_cursor: null,
    });
  });

  it('lists those that match: by offer, UTC days of the application, and the person', async () => {
    const journal = await JournalWriter.open(harness);
    const [asha, ben] = [newId(), newId()];
    await harness.query(
      `insert into person (id, name, username, email) values
         ($1, 'Asha Rao', 'Asha%1', 'rao@example.org'), ($2, 'Ben', 'ben', 'asha@other.org')`,
      [asha, ben],
    );
    const uses = [
      [asha, 'shop', '2026-03-01T23:59:59.999999Z'],
      [ben, 'shop', '2026-03-02T00:00:00Z'],
      [asha, 'class', '2026-03-03T10:00:00Z'],
      [personNamed('unknown'), null, '2026-03-04T10:00:00Z'],
    ] as const;
    for (const [personId, offerId, at] of uses) await journal.redeem({ personId, offerId, at });
    const list = harness.get(ListApplications);
    const found = async (filter: { offer_id?: string; search?: string; from?: string; to?: string }) => {
      const { applications, total } = await list.page({ code_id: journal.codeId, limit: 50, ...filter });
      expect(total).toBeUndefined();
      const piece = await list.piece({ code_id: journal.codeId, limit: 50, below: null, ...filter });
      expect(piece.applications).toEqual(applications);
      return applications.map(({ applied_at }) => applied_at.slice(8, 10));
    };
    expect(await found({ offer_id: 'shop' })).toEqual(['02', '01']);
    expect(await found({ from: '2026-03-02', to: '2026-03-03' })).toEqual(['03', '02']);
    expect(await found({ to: '2026-03-01' })).toEqual(['01']);
    expect(await found({ search: 'aSHA' })).toEqual(['03', '02', '01']);
    expect(await found({ search: 'asha%' })).toEqual(['03', '01']);
    expect(await found({ search: 'sha' })).toEqual([]);
    expect(await found({ search: ben })).toEqual(['02']);
    expect(await found({ search: 'asha', offer_id: 'shop', from: '2026-03-02' })).toEqual(['02']);
    const reversed = list.page({ code_id: journal.codeId, limit: 50, from: '2026-03-02', to: '2026-03-01' });
    await expect(reversed).rejects.toMatchObject({ code: 'DATES_REVERSED' });
    const second = await list.page({ code_id: journal.codeId, limit: 1, page: 2, offer_id: 'shop' });
    expect(second.applications.map(({ user_id: person }) => person)).toEqual([asha]);
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
  it('is the same in analytics, lists, series, proof and receipts, while the rollups run', async () => {
    const system = await OutsideSystem.open(harness);
    const code = await someCode(harness, { kind: 'bonus', amount_minor: 250, currency: 'EUR', max_uses: 30 });
    const persons = await system.persons(10);
    await system.apply(persons, [code.id]);
    const reported = Array.from({ length: 40 }, (_, index) => system.conversion(persons[index % 10] as string));
    await Promise.all([...reported.map((conversion) => system.record(conversion)), rollUp(), rollUp()]);
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
        {
          offer_id: system.offerId,
          offer_name: system.offerId,
          uses: 28,
          total_bonus: 67.5,
          total_bonus_minor: 6_750,
          currency: 'EUR',
          unique_users: 10,
        },
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
        { redemptions: 30, reversals: 0, amounts: [{ currency: 'EUR', bonus_minor: 7_500, reversed_minor: 0 }] },
        { redemptions: 0, reversals: 3, amounts: [{ currency: 'EUR', bonus_minor: 0, reversed_minor: 750 }] },
      ]);
    }
    const list = await harness.get(ListApplications).page({ code_id: code.id, page: 1, limit: 4 });
    expect([list.total, list.applications.map(({ bonus_earned: bonus }) => bonus)]).toEqual([30, [0, 0, 0, 2.5]]);
    const receipts = await harness.get(ListReceipts).execute({ code_id: code.id, page: 1, limit: 200, count: true });
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
