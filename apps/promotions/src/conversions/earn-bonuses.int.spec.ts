import { describe, expect, it } from '@jest/globals';
import { bonusEarned } from '#contracts/promotions/conversions.js';
import { promoCodeDeactivated } from '#contracts/promotions/promo-redemptions.js';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../test/support/messages/replies.js';
import { bonusCodes, withTwoInstances } from '../../test/conversion-suite.js';
import { statementsOf } from '../../test/count-statements.js';
import { digest, OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { type CodeColumns } from '../../test/some-code.js';
import type { Outcome } from './domain/conversion.js';
import { RecordConversions } from './record-conversions.js';

let harness: PromotionsHarness;
let second: PromotionsHarness;
let system: OutsideSystem;

withTwoInstances((one, other, outside) => {
  harness = one;
  second = other;
  system = outside;
});
const { bonusCode, fixed, counters } = bonusCodes(() => harness);

describe('several codes of one person', () => {
  it('earn together where they can be combined', async () => {
    const person = await system.personWith(
      (await fixed(500, { stacking: 'combinable', precedence: 2 })).id,
      (await bonusCode({ stacking: 'combinable', precedence: 1 })).id,
    );
    expect((await system.record(system.conversion(person))).map(digest)).toEqual([
      { bonuses: [100, 500], reasons: [] },
    ]);
  });

  it('an exclusive code earns alone, and precedence decides which one', async () => {
    const person = await system.personWith(
      (await fixed(1, { stacking: 'combinable', precedence: 3 })).id,
      (await fixed(2, { precedence: 2 })).id,
      (await fixed(3, { precedence: 1 })).id,
    );
    expect((await system.record(system.conversion(person))).map(digest)).toEqual([
      { bonuses: [3], reasons: ['PROMO_CODE_NOT_COMBINABLE', 'PROMO_CODE_NOT_COMBINABLE'] },
    ]);
  });

  it('after a refused code the next one is attempted', async () => {
    const person = await system.personWith(
      (await fixed(1, { precedence: 1, max_uses: 0 })).id,
      (await fixed(2, { precedence: 2, max_uses_per_person: 1 })).id,
      (await fixed(3, { precedence: 3 })).id,
    );
    const outcomes = await system.record(system.conversion(person), system.conversion(person));
    expect(outcomes.map(digest)).toEqual([
      { bonuses: [2], reasons: ['PROMO_CODE_USED_UP', 'PROMO_CODE_NOT_COMBINABLE'] },
      { bonuses: [3], reasons: ['PROMO_CODE_USED_UP', 'PROMO_CODE_PERSON_LIMIT'] },
    ]);
    const receipts = await harness.query(
      `select amount_minor as code, array_agg(coalesce(reason, 'used') order by r.id) as reasons
       from decision_receipt r join promo_code c on c.id = code_id where person_id = $1 group by 1 order by 1`,
      [person],
    );
    expect(receipts).toEqual([
      { code: 1, reasons: ['PROMO_CODE_USED_UP', 'PROMO_CODE_USED_UP'] },
      { code: 2, reasons: ['used', 'PROMO_CODE_PERSON_LIMIT'] },
      { code: 3, reasons: expect.arrayContaining(['used', 'PROMO_CODE_NOT_COMBINABLE']) },
    ]);
    const [unused] = await harness.query(
      `select trace, used_before = used_after as same from decision_receipt
       where person_id = $1 and reason = 'PROMO_CODE_NOT_COMBINABLE'`,
      [person],
    );
    expect(unused).toEqual({ trace: [{ rule: 'others', ok: false, saw: 'exclusive' }], same: true });
  });
});

describe('a person with many codes that are used up', () => {
  /** Columns of codes that are exhausted by one limit each. */
  const worn: readonly CodeColumns[] = [
    { max_uses: 1 },
    { max_uses_per_person: 1 },
    { max_uses_per_offer: 1 },
    { budget_minor: 9 },
    { valid_until: '2026-03-02T08:00:00Z' },
  ];
  const limits = [
    'PROMO_CODE_USED_UP',
    'PROMO_CODE_PERSON_LIMIT',
    'PROMO_CODE_OFFER_LIMIT',
    'PROMO_CODE_BUDGET_SPENT',
    'PROMO_CODE_EXPIRED',
  ];

  async function wearing(count: number): Promise<string> {
    const person = await system.personWith();
    for (let precedence = 0; precedence < count; precedence += 1) {
      const code = await fixed(5, { precedence, ...worn[precedence % worn.length] });
      await system.apply([person], [code.id]);
      await system.record(system.conversion(person));
    }
    await system.apply([person], [(await fixed(7, { precedence: count })).id]);
    return person;
  }

  it('earns by the available one, with as many statements as with few, and has the reason of each other', async () => {
    const [few, many] = [await wearing(worn.length), await wearing(5 * worn.length)];
    let outcome: Outcome | undefined;
    const earn = async (person: string) => {
      [outcome] = await system.record(system.conversion(person));
    };
    const withFew = await statementsOf(harness, () => earn(few));
    expect(await statementsOf(harness, () => earn(many))).toBe(withFew);
    const { bonuses, reasons } = digest(outcome as Outcome);
    expect(bonuses).toEqual([7]);
    expect(reasons.toSorted()).toEqual(Array(5).fill(limits).flat().sort());
    const [receipts] = await harness.query(
      `select count(*) from (
         select reason from decision_receipt where person_id = $1 order by id desc limit $2
       ) newest where reason is not null`,
      [many, 5 * worn.length + 1],
    );
    expect(receipts).toEqual({ count: 5 * worn.length });
  });

  it('earns once by each available code from several conversions at once', async () => {
    const person = await wearing(worn.length);
    await system.apply([person], [(await fixed(8, { precedence: 100, max_uses_per_person: 1 })).id]);
    await harness.query(
      `update promo_code set max_uses_per_person = 1 where id in (
         select code_id from promo_application join promo_code on id = code_id where person_id = $1 and amount_minor = 7)`,
      [person],
    );
    const outcomes = await system.record(
      system.conversion(person),
      system.conversion(person),
      system.conversion(person),
    );
    expect(outcomes.map((one) => digest(one).bonuses)).toEqual([[7], [8], []]);
  });
});

describe('two hundred conversions at once', () => {
  it('on a code with three slots left are three redemptions, 197 precise refusals and one deactivation', async () => {
    const code = await fixed(500, { max_uses: 5 });
    await system.record(
      system.conversion(await system.personWith(code.id)),
      system.conversion(await system.personWith(code.id)),
    );
    const persons = await system.persons(200);
    await system.apply(persons, [code.id]);
    // As from the broker: in sets, each of them a transaction, to both instances at once.
    const sets = Array.from({ length: 20 }, (_, set) => persons.slice(set * 10, set * 10 + 10));
    const replies = await Promise.all(
      sets.map((set, index) =>
        (index % 2 ? harness : second)
          .get(RecordConversions)
          .execute(set.map((person) => command({ conversions: [system.conversion(person)] }))),
      ),
    );
    const outcomes = replies.flat().flatMap((reply) => answerOf(reply).items);
    expect(outcomes.filter(({ redemptions }) => redemptions.length === 1)).toHaveLength(3);
    const refused = outcomes.filter(({ redemptions }) => redemptions.length === 0);
    expect(refused).toHaveLength(197);
    expect(new Set(refused.map((outcome) => JSON.stringify(digest(outcome).reasons)))).toEqual(
      new Set(['["PROMO_CODE_USED_UP"]']),
    );
    expect(await counters(code.id)).toEqual({ used: 5, held: 0, given: 2_500, status: 'expired', entries: 5 });
    expect(await harness.published(promoCodeDeactivated.type)).toHaveLength(1);
    expect(await harness.published(bonusEarned.type)).toHaveLength(5);
  });

  it('in one request, of two persons and within a budget, earn exactly up to the limits', async () => {
    const limited = await fixed(10, { max_uses_per_person: 4, stacking: 'combinable' });
    const budget = await fixed(10, { budget_minor: 125, stacking: 'combinable' });
    const [ada, grace] = [
      await system.personWith(limited.id, budget.id),
      await system.personWith(limited.id, budget.id),
    ];
    const conversions = Array.from({ length: 200 }, (_, index) => system.conversion(index % 2 ? ada : grace));
    const outcomes = await system.record(...conversions);
    const usesOf = (codeId: string) =>
      outcomes.flatMap(({ redemptions }) => redemptions.filter(({ code_id }) => code_id === codeId));
    expect([usesOf(limited.id).length, usesOf(budget.id).length]).toEqual([8, 12]);
    // As if they came one after the other: the first ones earn.
    expect(outcomes.slice(0, 8).map(digest)).toEqual(Array(8).fill({ bonuses: [10, 10], reasons: [] }));
    expect(digest(outcomes[12] as (typeof outcomes)[number]).reasons.sort()).toEqual([
      'PROMO_CODE_BUDGET_SPENT',
      'PROMO_CODE_PERSON_LIMIT',
    ]);
    expect(await counters(budget.id)).toMatchObject({ used: 12, given: 120, status: 'active' });
  });
});

describe('a thousand conversions in one request', () => {
  it('take a handful of statements', async () => {
    const code = await bonusCode();
    const persons = await system.persons(1_000);
    await system.apply(persons, [code.id]);
    const statements = await statementsOf(harness, () =>
      system.record(...persons.map((person) => system.conversion(person))),
    );
    expect(statements).toBeLessThan(20);
    expect(await counters(code.id)).toMatchObject({ used: 1_000, given: 100_000, entries: 1_000 });
  });
});

describe('a code that counts on application', () => {
  const holding = async (columns: CodeColumns = {}, holder?: string) => {
    const benefit = columns.percent_bp ? {} : { amount_minor: 500, currency: 'EUR' };
    const code = await bonusCode({ ...benefit, counts_on: 'apply', max_uses: 1, ...columns });
    const person = holder ?? (await system.personWith());
    await system.apply([person], [code.id]);
    const use = newId();
    await harness.query(
      `insert into redemption (id, code_id, person_id, state, benefit_minor, held_at, applied_at)
       values ($1, $2, $3, 'held', 0, now(), now())`,
      [use, code.id, person],
    );
    await harness.query(`update promo_code set held = 1 where id = $1`, [code.id]);
    await harness.query(`insert into promo_code_person_usage values ($1, $2, 1)`, [code.id, person]);
    await harness.query(`update promo_application set redemption_id = $1 where code_id = $2`, [use, code.id]);
    return { code, person, use };
  };

  it('redeems its hold once', async () => {
    const { code, person, use } = await holding();
    const outcomes = await system.record(system.conversion(person), system.conversion(person));
    expect(outcomes.map(digest)).toEqual([
      { bonuses: [500], reasons: [] },
      { bonuses: [], reasons: [] },
    ]);
    expect(outcomes[0]?.redemptions[0]?.redemption_id).toBe(use);
    expect((await system.record(system.conversion(person))).map(digest)).toEqual([{ bonuses: [], reasons: [] }]);
    expect(await counters(code.id)).toMatchObject({ used: 1, held: 0, given: 500, status: 'expired' });
  });

  it('is not attempted by later conversions once its hold is redeemed', async () => {
    const first = await holding({ precedence: 1, max_uses: 10, minimum_minor: 2_000 });
    const next = await holding({ precedence: 2, max_uses: 10 }, first.person);
    const outcomes = await system.record(
      system.conversion(first.person),
      system.conversion(first.person, { payout_minor: 2_000 }),
      system.conversion(first.person, { payout_minor: 2_000 }),
    );
    expect(
      outcomes.map(({ redemptions }) => redemptions.map(({ redemption_id: redemptionId }) => redemptionId)),
    ).toEqual([[next.use], [first.use], []]);
    expect(await counters(first.code.id)).toMatchObject({ used: 1, held: 0, given: 500 });
    expect(await counters(next.code.id)).toMatchObject({ used: 1, held: 0, given: 500 });
  });

  it('keeps the hold for the next conversion when the share rounds to zero', async () => {
    const { code, person } = await holding({ percent_bp: 1_000 });
    const outcomes = await system.record(system.conversion(person, { payout_minor: 4 }), system.conversion(person));
    expect(outcomes.map(digest)).toEqual([
      { bonuses: [], reasons: ['PROMO_CODE_BELOW_MINIMUM'] },
      { bonuses: [100], reasons: [] },
    ]);
    expect(await counters(code.id)).toMatchObject({ used: 1, held: 0, given: 100 });
  });

  it('keeps the hold for the next conversion when one is below the minimum', async () => {
    const { person } = await holding({ minimum_minor: 2_000 });
    const outcomes = await system.record(
      system.conversion(person),
      system.conversion(person, { payout_minor: 2_000 }),
      system.conversion(person),
    );
    expect(outcomes.map(digest)).toEqual([
      { bonuses: [], reasons: ['PROMO_CODE_BELOW_MINIMUM'] },
      { bonuses: [500], reasons: [] },
      { bonuses: [], reasons: [] },
    ]);
  });
});
