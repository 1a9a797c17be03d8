import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { JournalWriter, personNamed } from '../test/journal-writer.js';
import { PromotionsHarness } from '../test/promotions-harness.js';
import { invariantChecks } from './invariant-checks.js';

const tables = [
  'promo_code',
  'redemption',
  'redemption_entry',
  'promo_code_person_usage',
  'promo_code_offer_usage',
  'new_person_usage',
  'promo_application',
  'conversion',
  'rollup',
  'rollup_person',
  'rollup_visit',
  'rollup_refusal',
  'refusal_not_rolled_up',
];

describe('the proofs', () => {
  let harness: PromotionsHarness;
  let codeId: string;

  beforeAll(async () => {
    harness = await PromotionsHarness.open();
    // What constraints and triggers keep out has to get in for once, to be found.
    await harness.query(
      'alter table promo_code drop constraint uses_within_limit, drop constraint money_within_budget',
    );
    await harness.query('drop trigger redemption_entry_guard on redemption_entry');
    await harness.query('drop index redemption_of_conversion');
    const journal = await JournalWriter.open(harness);
    codeId = journal.codeId;
    const at = '2026-03-02T09:00:00Z';
    await journal.redeem({ personId: personNamed('asha'), at, conversionId: 'one', benefitMinor: 300 });
    await journal.reverse(await journal.redeem({ personId: personNamed('asha'), at, conversionId: 'two' }), at);
    await journal.reverse(await journal.redeem({ personId: personNamed('ben'), at, conversionId: 'three' }), at, true);
    await harness.query(
      `insert into redemption (id, code_id, person_id, offer_id, state, benefit_minor, currency, applied_at, held_at,
         for_new_person)
       values (gen_random_uuid(), $1, $2, 'offer', 'held', 50, 'EUR', $3, $3, true)`,
      [codeId, personNamed('chen'), at],
    );
    await harness.query(`insert into promo_code_person_usage values ($1, $2, 1)`, [codeId, personNamed('chen')]);
    await harness.query(`insert into new_person_usage values ($1, 1)`, [personNamed('chen')]);
    await harness.query(
      `insert into promo_application (code_id, person_id, applied_at, redemption_id, state)
       select code_id, person_id, applied_at, id, 'applied' from redemption where state = 'held'`,
    );
    await harness.query(
      `insert into conversion (conversion_id, person_id, offer_id, payout_minor, currency, occurred_at, content_hash,
         recorded_at, reversed_at, reverse_reason, answer)
       select conversion_id, person_id, offer_id, 1000, 'EUR', applied_at, '', applied_at, ended_at,
         case when state = 'reversed' then 'refund' end,
         jsonb_build_object('refusals', '[]'::jsonb, 'redemptions', jsonb_build_array(jsonb_build_object('redemption_id', id)))
       from redemption where conversion_id is not null`,
    );
    await harness.query(`update promo_code_offer_usage set uses = 3 where code_id = $1`, [codeId]);
    await harness.query(
      `update promo_code set held = 1, given_minor = 400, held_minor = 50, max_uses = 3, budget_minor = 450,
         max_uses_per_person = 1, max_uses_per_offer = 3, currency = 'EUR' where id = $1`,
      [codeId],
    );
    await harness.query(`select roll_up(array[$1::uuid], 1000)`, [codeId]);
    await harness.query(
      `insert into decision_receipt (id, code_id, code, stage, allowed, reason, trace, at)
       select gen_random_uuid(), $1, 'C', 'hold', false, 'PROMO_CODE_EXPIRED', '[]', $2 from generate_series(1, 3)`,
      [codeId, at],
    );
    await harness.query(`insert into rollup_refusal values ($1, '2026-03-02', 'PROMO_CODE_EXPIRED', 2)`, [codeId]);
    await harness.query(
      `insert into refusal_not_rolled_up values (gen_random_uuid(), $1, '2026-03-02', 'PROMO_CODE_EXPIRED')`,
      [codeId],
    );
    for (const table of tables) await harness.query(`create table kept_${table} as table ${table}`);
  });
  beforeEach(async () => {
    for (const table of tables) {
      await harness.query(`delete from ${table}`);
      await harness.query(`insert into ${table} table kept_${table}`);
    }
    expect(await violations()).toEqual([]);
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  async function violations(): Promise<string[]> {
    const findings = await checkInvariants(invariantChecks, (sql) => harness.query(sql));
    return findings.flatMap(({ violations }) => violations);
  }

  it('hold over rows that are as they should be, and say over how many', async () => {
    const findings = await checkInvariants(invariantChecks, (sql) => harness.query(sql));
    expect(findings.every(({ count }) => count > 0)).toBe(true);
  });

  it.each<[string, string, RegExp]>([
    ['a code over its limit', `update promo_code set max_uses = 2`, /may have 2 uses, and has 3/],
    ['a code over its budget', `update promo_code set budget_minor = 449`, /may give 449, and gives 450/],
    ['a person over theirs', `update promo_code set max_uses_per_person = 0`, /is used 1 times by person/],
    ['an offer over its', `update promo_code set max_uses_per_offer = 2`, /is used 3 times for offer offer/],
    ['a use that is not counted', `update promo_code set used = 1`, /counts 1\/1\/400\/50; its uses say 2\/1\/400\/50/],
    ['a hold that was counted twice', `update promo_code set held = 2`, /counts 2\/2/],
    ['a benefit that is not counted', `update promo_code set given_minor = 0`, /counts 2\/1\/0\/50/],
    ['a person miscounted', `update promo_code_person_usage set uses = uses + 1`, /uses of person/],
    ['a new person forgotten', `delete from new_person_usage`, /counts 0 uses of codes for new persons, and has 1/],
    ['a person forgotten', `delete from promo_code_person_usage`, /counts 0 uses of person/],
    ['an offer miscounted', `update promo_code_offer_usage set uses = 4`, /counts 4 uses for offer offer, which has 3/],
    ['a conversion that uses a code twice', `update redemption set conversion_id = 'one'`, /is used \d times for conv/],
    [
      'a conversion without its use',
      `update redemption set conversion_id = 'x' where conversion_id = 'one'`,
      /has none/,
    ],
    [
      'a use that outlives its conversion',
      `update conversion set reversed_at = now(), reverse_reason = 'refund' where conversion_id = 'one'`,
      /conversion one was answered 1 uses; it has .*redeemed/,
    ],
    [
      'a slot that waits for nobody',
      `delete from promo_application`,
      /is not taken by person .*; the slot held for it is held/,
    ],
    [
      'a slot that was not kept for somebody',
      `update promo_application set redemption_id = gen_random_uuid()`,
      /is applied by person .*; the slot held for it is not there/,
    ],
    [
      'a slot that was redeemed and still waits',
      `update promo_application set state = 'spent'`,
      /is spent by person .*; the slot held for it is held/,
    ],
    ['a gap among the entries', `delete from redemption_entry where entry_no = 2`, /has 4 entries up to 5/],
    ['an entry beyond the newest', `update promo_code set last_entry = 4`, /its newest is said to be 4/],
    ['a use without its entry', `delete from redemption_entry where entry_no = 1`, /as redeemed 0 times/],
    [
      'a use that was entered twice',
      `update redemption_entry set redemption_id = (select redemption_id from redemption_entry where entry_no = 1)`,
      /as redeemed 3 times and as reversed 2 times/,
    ],
    [
      'an entry of another benefit',
      `update redemption_entry set benefit_minor = 1 where entry_no = 1`,
      /redeemed 1 times/,
    ],
    [
      'a code deactivated while there are uses',
      `update promo_code set status = 'expired', auto_deactivated_at = now()`,
      /was deactivated by its last use, and 2 of 3 are used/,
    ],
    [
      'other sums than the journal’s',
      `update rollup set revenue_minor = revenue_minor + 1`,
      /has other sums for offer/,
    ],
    ['other sums of what was given', `update rollup set given_minor = given_minor + 1`, /has other sums for offer/],
    ['another sum of reversals', `update rollup set reversed_minor = 1`, /has other sums for offer/],
    ['a day without sums', `delete from rollup`, /has other sums for offer "offer" on 2026-03-02/],
    [
      'a person on a day of other uses',
      `update rollup_person set uses = uses + 1 where person_id = '${personNamed('asha')}'`,
      /has 2 uses of person \S+ for offer "offer" on 2026-03-02; its journal says 1/,
    ],
    ['a person whose day is missing', `delete from rollup_person`, /has 0 uses of person .*; its journal says 1/],
    [
      'a day on which nobody came',
      `insert into rollup_person select code_id, offer_id, person_id, day + 1, 1 from rollup_person`,
      /has 1 uses of person .* on 2026-03-03; its journal says 0/,
    ],
    ['a refusal counted twice', `update rollup_refusal set refusals = 3`, /has 4 refusals .*; its receipts say 3/],
    ['refusals that are not counted', `delete from rollup_refusal`, /has 1 refusals .*; its receipts say 3/],
    ['a refusal lost on its way', `delete from refusal_not_rolled_up`, /has 2 refusals .*; its receipts say 3/],
    [
      'persons miscounted',
      `update rollup_visit set persons = persons - 1`,
      /has 1 persons for offer "offer" on 2026-03-02 who had come on -infinity; its journal says 2/,
    ],
    ['persons who are not counted', `delete from rollup_visit`, /has 0 persons for offer .*; its journal says 2/],
    [
      'persons who had not come before',
      `update rollup_visit set previous_day = '2026-03-01'`,
      /has 2 persons .* who had come on 2026-03-01; its journal says 0/,
    ],
  ])('find %s', async (_, damage, words) => {
    await harness.query(damage);
    expect((await violations()).join('\n')).toMatch(words);
  });
});
