import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestOf } from '#contracts/contract.js';
import type { validateCodes } from '#contracts/promotions/promo-redemptions.js';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../../test/support/messages/replies.js';
import { statementsOf } from '../../../test/count-statements.js';
import { PromotionsHarness } from '../../../test/promotions-harness.js';
import { someCode } from '../../../test/some-code.js';
import { ApplyCodes } from '../../applications/apply-codes.js';
import { HoldCodes } from '../holding/hold-codes.js';
import { ValidateCodes } from './validate-codes.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});

afterAll(() => harness[Symbol.asyncDispose]());

type Request = RequestOf<typeof validateCodes>;

const member = newId();

async function validate(codes: readonly string[], more: Partial<Request> = {}) {
  const request = { person_id: member, codes: [...codes], offer_id: 'chess', visible_to: member, ...more };
  const [reply] = await harness.get(ValidateCodes).execute([command(request)]);
  return answerOf(reply);
}

describe('validating', () => {
  it('returns the benefit of a discount and the end of its hours, and stores nothing', async () => {
    const hours = { enabled: true, start_time: '06:00', end_time: '17:29', timezone: 'UTC' };
    const { id, code } = await someCode(harness, { active_hours: hours });
    expect(await validate([code.toLowerCase()], { amount_minor: 4_900, currency: 'EUR' })).toEqual({
      usable: true,
      benefits: [
        {
          code,
          kind: 'discount',
          benefit_minor: 490,
          currency: 'EUR',
          explanation: `${code}: minus 4.90 EUR (10% of 49.00 EUR is 4.90 EUR)`,
          closes_at: '2026-03-02T17:30:00Z',
        },
      ],
      benefit_minor: 490,
      refusal: null,
    });
    expect(await harness.query('select from redemption where code_id = $1', [id])).toEqual([]);
    expect(await harness.query('select from decision_receipt where code_id = $1', [id])).toEqual([]);
  });

  it('returns the benefit of several codes together', async () => {
    const [one, two] = [
      await someCode(harness, { stacking: 'combinable', precedence: 2 }),
      await someCode(harness, { stacking: 'combinable', percent_bp: 5_000, precedence: 1 }),
    ];
    const answer = await validate([one.code, two.code], { amount_minor: 1_000, currency: 'EUR' });
    expect(answer.benefits.map(({ benefit_minor }) => benefit_minor)).toEqual([500, 50]);
    expect(answer.benefit_minor).toBe(550);
  });

  it('returns the bonus that a code would earn, and no bonus without an amount', async () => {
    const { code } = await someCode(harness, { kind: 'bonus', percent_bp: 2_000 });
    expect(await validate([code], { amount_minor: 1_000, currency: 'EUR' })).toMatchObject({ benefit_minor: 200 });
    expect(await validate([code])).toMatchObject({
      usable: true,
      benefit_minor: null,
      benefits: [{ benefit_minor: null, explanation: `${code}: bonus of 20%` }],
    });
  });

  it('refuses for an order what the order would refuse: a bonus, also one that the person holds', async () => {
    const { code } = await someCode(harness, { kind: 'bonus', percent_bp: 2_000 });
    const forOrder = { amount_minor: 1_000, currency: 'EUR', for_order: true, visible_to: null };
    expect(await validate([code], forOrder)).toMatchObject({ refusal: { code: 'PROMO_CODE_WRONG_KIND' } });
    await harness.get(ApplyCodes).execute([command({ person_id: member, promo_code: code, visible_to: member })]);
    expect(await validate([code], forOrder)).toMatchObject({ refusal: { code: 'PROMO_CODE_WRONG_KIND' } });
    expect(await validate([code], { ...forOrder, for_order: false })).toMatchObject({ usable: true });
  });

  it.each([
    ['all its slots are taken', { max_uses: 1 }, 'PROMO_CODE_USED_UP'],
    ['its budget is spent', { budget_minor: 500, currency: 'EUR' }, 'PROMO_CODE_BUDGET_SPENT'],
    ['its limit for the offer is reached', { max_uses_per_offer: 1 }, 'PROMO_CODE_OFFER_LIMIT'],
  ])('replies to an admin that %s', async (_, limits, code) => {
    const made = await someCode(harness, limits);
    const order = {
      order_id: newId(),
      person_id: newId(),
      offer_id: 'chess',
      amount_minor: 4_000,
      currency: 'EUR',
      codes: [made.code],
    };
    await harness.get(HoldCodes).execute([command(order)]);
    const price = { amount_minor: 4_000, currency: 'EUR' };
    expect((await validate([made.code], { ...price, visible_to: null })).refusal?.code).toBe(code);
    expect((await validate([made.code], price)).refusal?.code).toBe('PROMO_CODE_NOT_USABLE');
  });

  it.each(['apply', 'conversion'])(
    'returns what a bonus code that counts on %s gives the person who applied it',
    async (on) => {
      const hours = { enabled: true, start_time: '08:00', end_time: '09:59', timezone: 'UTC' };
      const limits = { max_uses: 1, max_uses_per_person: 1, counts_on: on };
      const { code } = await someCode(harness, { kind: 'bonus', active_hours: hours, ...limits });
      const [holder, other] = [newId(), newId()];
      const applied = command({ person_id: holder, promo_code: code, visible_to: holder });
      answerOf((await harness.get(ApplyCodes).execute([applied]))[0]);
      const price = { amount_minor: 1_000, currency: 'EUR' };
      const look = (person: string, codes = [code]) =>
        validate(codes, { ...price, person_id: person, visible_to: null });
      expect(await look(holder)).toMatchObject({ usable: true, benefit_minor: 100 });
      harness.clock.moveBy({ hours: 1 });
      expect(await look(holder)).toMatchObject({ usable: true, benefit_minor: 100 });
      expect((await look(other)).refusal?.code).toBe('PROMO_CODE_OUTSIDE_HOURS');
      harness.clock.moveBy({ hours: 23 });
      expect((await look(other)).refusal?.code ?? null).toBe(on === 'apply' ? 'PROMO_CODE_USED_UP' : null);
      expect((await look(holder, [code, code])).refusal?.code).toBe('PROMO_CODE_NOT_COMBINABLE');
    },
  );

  it('replies to a publisher with the reason of their own codes only', async () => {
    const own = await someCode(harness, { status: 'paused', owner_id: 'ann' });
    const others = await someCode(harness, { status: 'paused', owner_id: 'ben' });
    const ann = { visible_to: null, publisher_id: 'ann' };
    expect((await validate([own.code], ann)).refusal?.code).toBe('PROMO_CODE_NOT_ACTIVE');
    expect((await validate([others.code], ann)).refusal?.code).toBe('PROMO_CODE_NOT_USABLE');
    expect((await validate(['no such'], ann)).refusal?.code).toBe('PROMO_CODE_NOT_USABLE');
  });

  it.each([
    ['is for new persons', { audience: 'new_persons' }],
    ['lists persons', { audience: 'listed' }],
    ['each person may use once', { max_uses_per_person: 1 }],
    ['is a bonus', { kind: 'bonus', audience: 'listed', max_uses_per_person: 1 }],
  ])(
    'gives a publisher one verdict on their own code that %s, with every person and with nobody',
    async (_, columns) => {
      const { id, code } = await someCode(harness, { ...columns, owner_id: 'ann' });
      const [stranger, listed, user, holder] = [newId(), newId(), newId(), newId()];
      await harness.query(`insert into promo_code_person (code_id, person_id) values ($1, $2)`, [id, listed]);
      await harness.query(`insert into promo_code_person_usage (code_id, person_id, uses) values ($1, $2, 1)`, [
        id,
        user,
      ]);
      await harness.query(
        `insert into person (id, name, username, email, has_closed_order) values ($1, 'Ann', $2, $2, true)`,
        [user, `user-${user}`],
      );
      await harness.query(
        `insert into promo_application (code_id, person_id, applied_at, state) values ($1, $2, now(), 'applied')`,
        [id, holder],
      );
      const price = { amount_minor: 1_000, currency: 'EUR', visible_to: null };
      const nobody = await validate([code], { ...price, person_id: null, publisher_id: 'ann' });
      expect(nobody).toMatchObject({ usable: true, benefit_minor: 100 });
      for (const person_id of [stranger, listed, user, holder]) {
        expect(await validate([code], { ...price, person_id, publisher_id: 'ann' })).toEqual(nobody);
      }
      // An admin may name anybody, or nobody.
      expect(await validate([code], { ...price, person_id: null })).toEqual(nobody);
      expect((await validate([code], { ...price, person_id: user })).usable).toBe(false);
    },
  );

  it('discloses nothing of the codes of others to a publisher, also about a holder', async () => {
    const holder = newId();
    const own = await someCode(harness, { kind: 'bonus', status: 'paused', owner_id: 'ann' });
    const others = await someCode(harness, { kind: 'bonus', status: 'paused', owner_id: 'ben' });
    await harness.query(
      `insert into promo_application (code_id, person_id, applied_at, state)
       select code_id, $2, now(), 'applied' from unnest($1::uuid[]) as code (code_id)`,
      [[own.id, others.id], holder],
    );
    const about = { person_id: holder, visible_to: null, publisher_id: 'ann' };
    expect((await validate([others.code], about)).refusal).toEqual((await validate(['no such'], about)).refusal);
    expect((await validate([own.code], about)).refusal?.code).toBe('PROMO_CODE_NOT_ACTIVE');
    const holders = { person_id: holder, visible_to: holder };
    expect((await validate([others.code], holders)).refusal?.code).toBe('PROMO_CODE_NOT_ACTIVE');
  });

  it('accepts the id of a class in any case', async () => {
    const classId = newId();
    const { id, code } = await someCode(harness, { offers_rule: 'some', offers: [classId], max_uses_per_offer: 1 });
    const request = { offer_id: classId.toUpperCase(), visible_to: null };
    expect(await validate([code], request)).toMatchObject({ usable: true });
    await harness.query('insert into promo_code_offer_usage (code_id, offer_id, uses) values ($1, $2, 1)', [
      id,
      classId,
    ]);
    expect((await validate([code], request)).refusal?.code).toBe('PROMO_CODE_OFFER_LIMIT');
  });

  it('gives a stranger the same reply for a code that does not exist and for one that is refused', async () => {
    const { code } = await someCode(harness, { status: 'paused' });
    expect(await validate([code])).toEqual(await validate(['no such code']));
  });

  it('runs the same statements for codes that do not exist, that are selective and that are for everyone', async () => {
    const codes = await Promise.all(
      [{}, { audience: 'listed' }, { audience: 'new_persons' }].map((columns) => someCode(harness, columns)),
    );
    const counts: number[] = [];
    for (const code of [...codes.map((one) => one.code), 'no such code'])
      counts.push(await statementsOf(harness, () => validate([code])));
    expect(counts).toEqual(Array(4).fill(counts[0]));
  });

  it('distinguishes new persons from others', async () => {
    const { code } = await someCode(harness, { audience: 'new_persons' });
    const known = newId();
    await harness.query(
      `insert into person (id, name, username, email, has_closed_order) values ($1, 'Ben', 'ben', 'ben@example.org', true)`,
      [known],
    );
    expect(await validate([code])).toMatchObject({ usable: true });
    expect(await validate([code], { person_id: known, visible_to: null })).toMatchObject({
      refusal: { code: 'PROMO_CODE_WRONG_AUDIENCE' },
    });
  });
});
