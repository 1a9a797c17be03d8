import { describe, expect, it, jest } from '@jest/globals';
import { bonusEarned } from '#contracts/promotions/conversions.js';
import { canonicalJson, newId } from '#kernel/ids.js';
import { eventually } from '../../../../test/support/eventually.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../test/support/messages/replies.js';
import { bonusCodes, withTwoInstances } from '../../test/conversion-suite.js';
import { type ConversionBody, digest, OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { type CodeColumns } from '../../test/some-code.js';
import { ReadOfferAnalytics } from '../analytics/read-offer-analytics.js';
import { RollUp } from '../analytics/rollups/roll-up.js';
import { AdmitRedemptions } from '../redemptions/admitting/admit-redemptions.js';
import { ReadConversion } from './read-conversion.js';
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

describe('conversions of two instances that try several codes', () => {
  it('wait for each other without a deadlock', async () => {
    const regular = await fixed(100, { precedence: 2 });
    const welcome = await fixed(200, { precedence: 1, max_uses_per_person: 1 });
    expect(regular.id < welcome.id).toBe(true);
    const returning = await system.personWith(regular.id, welcome.id);
    await system.record(system.conversion(returning));
    await harness.query(`update promo_application set state = 'applied' where person_id = $1`, [returning]);
    const [one, other] = [await system.personWith(regular.id), await system.personWith(welcome.id)];

    // The first round of the returning person locks `welcome`, the second wants `regular`; the others lock both at
    // once.
    const meanwhile = Promise.withResolvers<unknown>();
    const admit = harness.get(AdmitRedemptions).execute;
    const admitting = jest.spyOn(harness.get(AdmitRedemptions), 'execute');
    admitting.mockImplementationOnce(async function (this: AdmitRedemptions, ...args) {
      const admissions = await admit.apply(this, args);
      const set = { conversions: [system.conversion(one), system.conversion(other)] };
      meanwhile.resolve(second.get(RecordConversions).execute([command(set)]));
      await eventually(async () => {
        const waiting = await harness.query(`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`);
        expect(waiting).toHaveLength(1);
      });
      return admissions;
    });
    expect((await system.record(system.conversion(returning))).map(digest)).toEqual([
      { bonuses: [100], reasons: ['PROMO_CODE_PERSON_LIMIT'] },
    ]);
    const [reply] = (await meanwhile.promise) as Awaited<ReturnType<RecordConversions['execute']>>;
    expect(answerOf(reply).items.map(digest)).toEqual([
      { bonuses: [100], reasons: [] },
      { bonuses: [200], reasons: [] },
    ]);
    admitting.mockRestore();
  });
});

describe('a conversion', () => {
  it('earns the bonus of the code that its person applied, and publishes it to payments', async () => {
    const code = await bonusCode({ code: 'Tenth', cap_minor: 90, currency: 'EUR' });
    const person = await system.personWith(code.id);
    const body = system.conversion(person);
    const [outcome] = await system.record(body);
    expect(outcome).toEqual({
      conversion_id: body.conversion_id,
      redemptions: [
        {
          redemption_id: expect.any(String),
          code_id: code.id,
          code: 'Tenth',
          bonus_minor: 90,
          currency: 'EUR',
          explanation: expect.stringContaining('Tenth'),
        },
      ],
      refusals: [],
      recorded_at: '2026-03-02T09:00:00Z',
      problem: null,
    });
    const [earned, ...others] = await harness.published();
    expect(others).toEqual([]);
    expect(earned).toMatchObject({
      type: bonusEarned.type,
      data: {
        bonus_id: outcome?.redemptions[0]?.redemption_id,
        person_id: person,
        code_id: code.id,
        code: 'Tenth',
        offer_id: system.offerId,
        amount_minor: 90,
        currency: 'EUR',
        conversion_id: body.conversion_id,
        earned_at: '2026-03-02T09:00:00Z',
      },
    });
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 90, entries: 1 });
  });

  it('reported five times is one redemption and one bonus, with the same reply each time', async () => {
    const code = await fixed(500);
    const body = system.conversion(await system.personWith(code.id));
    const [first] = await system.record(body);
    const later = { ...body, occurred_at: '2026-03-02T10:59:00+02:00' };
    const again = await system.record(body, later);
    const apart = await Promise.all([system.record(body), system.record(body)]);
    expect([...again, ...apart.flat()]).toEqual([first, first, first, first]);
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 500 });
    expect(await harness.published(bonusEarned.type)).toHaveLength(1);
  });

  it('reported five times at once, to two instances, is one redemption and one bonus', async () => {
    const code = await fixed(500);
    const body = system.conversion(await system.personWith(code.id));
    const replies = await Promise.all(
      [harness, second, harness, second, harness].map((instance) =>
        instance.get(RecordConversions).execute([command({ conversions: [body, body] })]),
      ),
    );
    const outcomes = replies.flat().flatMap((reply) => answerOf(reply).items);
    expect(outcomes).toHaveLength(10);
    expect(new Set(outcomes.map((outcome) => canonicalJson(outcome))).size).toBe(1);
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 500 });
    expect(await harness.published(bonusEarned.type)).toHaveLength(1);
  });

  it.each([
    ['person', async () => ({ person_id: await system.personWith() })],
    ['offer', async () => ({ offer_id: await system.offer(newId()) })],
    ['payout', async () => ({ payout_minor: 1_001 })],
    ['currency', async () => ({ currency: 'USD' })],
    ['time', async () => ({ occurred_at: '2026-03-02T08:59:01Z' })],
  ])('reported again with another %s is refused, in the same request and later', async (_, other) => {
    const body = system.conversion(await system.personWith((await bonusCode()).id));
    const changed = { ...body, ...(await other()) };
    expect((await system.record(body, changed)).map(digest)).toEqual([
      { bonuses: [100], reasons: [] },
      { bonuses: [], reasons: ['CONVERSION_REUSED'] },
    ]);
    expect((await system.record(changed)).map(digest)).toEqual([{ bonuses: [], reasons: ['CONVERSION_REUSED'] }]);
  });

  it('that cannot be recorded has a problem, delays no other, and can be reported again', async () => {
    const person = await system.personWith((await bonusCode()).id);
    const stranger = newId();
    const gone = await system.offer(newId(), { deleted_at: '2026-03-02T08:00:00Z' });
    const priced = await system.offer(newId(), { currency: 'USD' });
    const unknown = system.conversion(person, { offer_id: 'nowhere' });
    const outcomes = await system.record(
      unknown,
      system.conversion(stranger),
      system.conversion(person, { offer_id: gone }),
      system.conversion(person, { offer_id: gone, occurred_at: '2026-03-02T07:59:59Z' }),
      system.conversion(person, { offer_id: priced }),
      system.conversion(person, { currency: 'EUX' }),
      system.conversion(person),
    );
    expect(outcomes.map(digest)).toEqual([
      { bonuses: [], reasons: ['OFFER_NOT_FOUND'] },
      { bonuses: [], reasons: ['PERSON_NOT_FOUND'] },
      { bonuses: [], reasons: ['OFFER_NOT_FOUND'] },
      { bonuses: [100], reasons: [] },
      { bonuses: [], reasons: ['CURRENCY_MISMATCH'] },
      { bonuses: [], reasons: ['CURRENCY_UNKNOWN'] },
      { bonuses: [100], reasons: [] },
    ]);
    expect(outcomes[0]?.recorded_at).toBeNull();
    await system.offer('nowhere');
    expect((await system.record(unknown)).map(digest)).toEqual([{ bonuses: [100], reasons: [] }]);
  });

  it('of a person without codes is recorded, and earns nothing', async () => {
    const [person] = (await system.persons(1)) as [string];
    const body = system.conversion(person);
    expect((await system.record(body)).map(digest)).toEqual([{ bonuses: [], reasons: [] }]);
    expect(await harness.get(ReadConversion).execute(body.conversion_id)).toMatchObject({ ...body, redemptions: [] });
    expect(await harness.published()).toEqual([]);
  });

  it('names the precise reason of each refused code', async () => {
    const columns: Record<string, CodeColumns> = {
      PROMO_CODE_NOT_ACTIVE: { status: 'paused' },
      PROMO_CODE_EXPIRED: { valid_until: '2026-03-02T08:59:00Z' },
      PROMO_CODE_NOT_STARTED: { valid_from: '2026-03-02T08:59:01Z' },
      PROMO_CODE_WRONG_CURRENCY: { currency: 'USD' },
      PROMO_CODE_BELOW_MINIMUM: { minimum_minor: 1_001, currency: 'EUR' },
      PROMO_CODE_USED_UP: { max_uses: 0 },
      PROMO_CODE_PERSON_LIMIT: { max_uses_per_person: 0 },
      PROMO_CODE_OFFER_LIMIT: { max_uses_per_offer: 0 },
      PROMO_CODE_BUDGET_SPENT: { budget_minor: 99, currency: 'EUR' },
    };
    for (const [reason, column] of Object.entries(columns)) {
      const person = await system.personWith((await bonusCode(column)).id);
      expect((await system.record(system.conversion(person))).map(digest)).toEqual([
        { bonuses: [], reasons: [reason] },
      ]);
    }
  });

  it('relies on the hours when its code was applied, and on the time at which it happened', async () => {
    const closed = { enabled: true, start_time: '20:00', end_time: '21:00', timezone: 'UTC' };
    const person = await system.personWith(
      (await bonusCode({ active_hours: closed, stacking: 'combinable' })).id,
      (await bonusCode({ valid_until: '2026-03-02T08:59:00.001Z', status: 'expired', stacking: 'combinable' })).id,
    );
    expect((await system.record(system.conversion(person))).map(digest)).toEqual([
      { bonuses: [100, 100], reasons: [] },
    ]);
  });

  it('before the application of the code earns nothing, beyond the allowance for clocks', async () => {
    const code = await fixed(500);
    const person = await system.personWith(code.id);
    const [taken] = await harness.query<{ applied_at: Temporal.Instant }>(
      'select applied_at from promo_application where code_id = $1',
      [code.id],
    );
    const at = (seconds: number) =>
      system.conversion(person, { occurred_at: String(taken?.applied_at.add({ seconds })) });
    expect((await system.record(at(-3_600), at(-301), at(-300), at(60))).map(digest)).toEqual([
      { bonuses: [], reasons: [] },
      { bonuses: [], reasons: [] },
      { bonuses: [500], reasons: [] },
      { bonuses: [500], reasons: [] },
    ]);
    expect(await counters(code.id)).toMatchObject({ used: 2, given: 1_000 });
  });

  it('counts on the day on which it happened, also when it is reported later', async () => {
    const code = await fixed(500);
    const person = await system.personWith(code.id);
    await harness.query(`update promo_application set applied_at = '2026-02-27T00:00:00Z' where code_id = $1`, [
      code.id,
    ]);
    const [before, after] = ['2026-02-28T23:59:59Z', '2026-03-01T00:00:00Z'].map((occurred_at) =>
      system.conversion(person, { occurred_at }),
    ) as [ConversionBody, ConversionBody];
    const on = async (...days: string[]) => {
      const analytics = harness.get(ReadOfferAnalytics);
      const read = (day: string) => analytics.execute({ code_id: code.id, owned_by: null, from: day, to: day });
      return (await Promise.all(days.map(read))).map(({ total_uses: redemptions }) => redemptions);
    };
    const days = ['2026-02-28', '2026-03-01', '2026-03-02'] as const;
    // Reported in the other order, and read before and after the rollup.
    await system.record(after);
    await harness.get(RollUp).execute();
    await system.record(before);
    expect(await on(...days)).toEqual([1, 1, 0]);
    await harness.get(RollUp).execute();
    expect(await on(...days)).toEqual([1, 1, 0]);
    await system.reverse(before.conversion_id);
    await harness.get(RollUp).execute();
    expect(await on(...days)).toEqual([0, 1, 0]);
  });

  it('redeems no code for another offer', async () => {
    const elsewhere = await bonusCode({ offers_rule: 'some', offers: ['elsewhere'] });
    const butThis = await bonusCode({ offers_rule: 'all_but', offers: [system.offerId] });
    const here = await bonusCode({ offers_rule: 'some', offers: [system.offerId], percent_bp: 2_000 });
    const person = await system.personWith(elsewhere.id, butThis.id, here.id);
    expect((await system.record(system.conversion(person))).map(digest)).toEqual([{ bonuses: [200], reasons: [] }]);
  });
});
