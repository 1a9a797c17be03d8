import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { JournalWriter, personNamed } from '../../../test/journal-writer.js';
import { PromotionsHarness } from '../../../test/promotions-harness.js';
import { invariantChecks } from '../../invariant-checks.js';
import { ListApplications } from '../journal/list-applications.js';
import { ProveCode } from '../prove-code.js';
import { ReadOfferAnalytics } from '../read-offer-analytics.js';
import { ReadSeries } from '../read-series.js';
import { RollUp } from './roll-up.js';

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

describe('any redemptions and reversals, at any progress of the rollups', () => {
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
        for (const entry of series.days) {
          const redeemed = uses.filter((use) => use.day === entry.day);
          const reversed = uses.filter((use) => use.reversedOn === entry.day);
          expect(entry).toMatchObject({ redemptions: redeemed.length, reversals: reversed.length });
          expect(entry.amounts[0]?.bonus_minor ?? 0).toBe(redeemed.reduce((sum, { bonus }) => sum + bonus, 0));
          expect(entry.amounts[0]?.reversed_minor ?? 0).toBe(reversed.reduce((sum, { bonus }) => sum + bonus, 0));
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
