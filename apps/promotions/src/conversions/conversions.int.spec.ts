import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { findClasses } from '#contracts/classes.js';
import { bonusEarned, bonusReversed } from '#contracts/conversions.js';
import { findPersons } from '#contracts/persons.js';
import { promoCodeDeactivated } from '#contracts/promo-redemptions.js';
import { canonicalJson, newId } from '#kernel/ids.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { eventually } from '../../../../test/support/eventually.js';
import { command, envelope } from '../../../../test/support/messages/messages.js';
import { closedOrder } from '../../../../test/support/messages/order-events.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { statementsOf } from '../../test/count-statements.js';
import { type ConversionBody, digest, OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { type CodeColumns, someCode } from '../../test/some-code.js';
import { violations } from '../../test/violations.js';
import { ReadOfferAnalytics } from '../analytics/read-offer-analytics.js';
import { RollUp } from '../analytics/roll-up.js';
import { ProjectClasses } from '../offers/project-classes.js';
import { ReadOffers } from '../offers/read-offers.js';
import { ProjectPersons } from '../persons/project-persons.js';
import { AdmitRedemptions } from '../redemptions/admitting/admit-redemptions.js';
import { ConvertOrders } from './convert-orders.js';
import type { Outcome } from './domain/conversion.js';
import { ReadConversion } from './read-conversion.js';
import { RecordConversions } from './record-conversions.js';
import { ReverseConversions } from './reverse-conversions.js';

let harness: PromotionsHarness;
let second: PromotionsHarness;
let desk: OutsideSystem;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  second = await PromotionsHarness.open(harness);
});
beforeEach(async () => {
  await harness.query('delete from outbox');
  desk = await OutsideSystem.open(harness);
  for (const { others } of [harness, second]) {
    others.on(findPersons, () => ({ persons: [] }));
    others.on(findClasses, () => ({ classes: [] }));
  }
});
afterAll(async () => {
  expect(await violations(harness)).toEqual([]);
  await second[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
});

/** A tenth of what the offer pays, unless said otherwise. */
const bonusCode = (columns: CodeColumns = {}) => someCode(harness, { kind: 'bonus', ...columns });
const fixed = (amount_minor: number, columns: CodeColumns = {}) =>
  bonusCode({ amount_minor, currency: 'EUR', ...columns });
const counters = async (codeId: string) => {
  const [row] = await harness.query<{ used: number; held: number; given: number; status: string; entries: number }>(
    `select used, held, given_minor as given, status, last_entry as entries from promo_code where id = $1`,
    [codeId],
  );
  return row;
};

describe('conversions of two instances that try several codes', () => {
  it('wait for each other, and do not meet crosswise', async () => {
    const regular = await fixed(100, { precedence: 2 });
    const welcome = await fixed(200, { precedence: 1, max_uses_per_person: 1 });
    expect(regular.id < welcome.id).toBe(true);
    const returning = await desk.personWith(regular.id, welcome.id);
    await desk.record(desk.conversion(returning));
    await harness.query(`update promo_application set state = 'applied' where person_id = $1`, [returning]);
    const [one, other] = [await desk.personWith(regular.id), await desk.personWith(welcome.id)];

    // The first round of the returning person locks `welcome`, the second wants `regular`; the others lock both at
    // once.
    const meanwhile = Promise.withResolvers<unknown>();
    const admit = harness.get(AdmitRedemptions).execute;
    const admitting = jest.spyOn(harness.get(AdmitRedemptions), 'execute');
    admitting.mockImplementationOnce(async function (this: AdmitRedemptions, ...args) {
      const admissions = await admit.apply(this, args);
      const set = { conversions: [desk.conversion(one), desk.conversion(other)] };
      meanwhile.resolve(second.get(RecordConversions).execute([command(set)]));
      await eventually(async () => {
        const waiting = await harness.query(`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`);
        expect(waiting).toHaveLength(1);
      });
      return admissions;
    });
    expect((await desk.record(desk.conversion(returning))).map(digest)).toEqual([
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
  it('earns the bonus of the code that its person took, and tells payments of it', async () => {
    const code = await bonusCode({ code: 'Tenth', cap_minor: 90, currency: 'EUR' });
    const person = await desk.personWith(code.id);
    const told = desk.conversion(person);
    const [outcome] = await desk.record(told);
    expect(outcome).toEqual({
      conversion_id: told.conversion_id,
      uses: [
        {
          use_id: expect.any(String),
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
        bonus_id: outcome?.uses[0]?.use_id,
        person_id: person,
        code_id: code.id,
        code: 'Tenth',
        offer_id: desk.offerId,
        amount_minor: 90,
        currency: 'EUR',
        conversion_id: told.conversion_id,
        earned_at: '2026-03-02T09:00:00Z',
      },
    });
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 90, entries: 1 });
  });

  it('told five times is one use and one bonus, with the same answer each time', async () => {
    const code = await fixed(500);
    const told = desk.conversion(await desk.personWith(code.id));
    const [first] = await desk.record(told);
    const later = { ...told, occurred_at: '2026-03-02T10:59:00+02:00' };
    const again = await desk.record(told, later);
    const apart = await Promise.all([desk.record(told), desk.record(told)]);
    expect([...again, ...apart.flat()]).toEqual([first, first, first, first]);
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 500 });
    expect(await harness.published(bonusEarned.type)).toHaveLength(1);
  });

  it('told five times at once, to two instances, is one use and one bonus', async () => {
    const code = await fixed(500);
    const told = desk.conversion(await desk.personWith(code.id));
    const replies = await Promise.all(
      [harness, second, harness, second, harness].map((instance) =>
        instance.get(RecordConversions).execute([command({ conversions: [told, told] })]),
      ),
    );
    const outcomes = replies.flat().flatMap((reply) => answerOf(reply).items);
    expect(outcomes).toHaveLength(10);
    expect(new Set(outcomes.map((outcome) => canonicalJson(outcome))).size).toBe(1);
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 500 });
    expect(await harness.published(bonusEarned.type)).toHaveLength(1);
  });

  it.each([
    ['person', async () => ({ person_id: await desk.personWith() })],
    ['offer', async () => ({ offer_id: await desk.offer(newId()) })],
    ['payout', async () => ({ payout_minor: 1_001 })],
    ['currency', async () => ({ currency: 'USD' })],
    ['time', async () => ({ occurred_at: '2026-03-02T08:59:01Z' })],
  ])('told again with another %s is refused, in the same request and later', async (_, other) => {
    const told = desk.conversion(await desk.personWith((await bonusCode()).id));
    const changed = { ...told, ...(await other()) };
    expect((await desk.record(told, changed)).map(digest)).toEqual([
      { bonuses: [100], reasons: [] },
      { bonuses: [], reasons: ['CONVERSION_REUSED'] },
    ]);
    expect((await desk.record(changed)).map(digest)).toEqual([{ bonuses: [], reasons: ['CONVERSION_REUSED'] }]);
  });

  it('that cannot be recorded says why, holds up no other, and can be told again', async () => {
    const person = await desk.personWith((await bonusCode()).id);
    const stranger = newId();
    const gone = await desk.offer(newId(), { deleted_at: '2026-03-02T08:00:00Z' });
    const priced = await desk.offer(newId(), { currency: 'USD' });
    const unknown = desk.conversion(person, { offer_id: 'nowhere' });
    const outcomes = await desk.record(
      unknown,
      desk.conversion(stranger),
      desk.conversion(person, { offer_id: gone }),
      desk.conversion(person, { offer_id: gone, occurred_at: '2026-03-02T07:59:59Z' }),
      desk.conversion(person, { offer_id: priced }),
      desk.conversion(person, { currency: 'EUX' }),
      desk.conversion(person),
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
    await desk.offer('nowhere');
    expect((await desk.record(unknown)).map(digest)).toEqual([{ bonuses: [100], reasons: [] }]);
  });

  it('of somebody who took no code is recorded, and earns nothing', async () => {
    const [person] = (await desk.persons(1)) as [string];
    const told = desk.conversion(person);
    expect((await desk.record(told)).map(digest)).toEqual([{ bonuses: [], reasons: [] }]);
    expect(await harness.get(ReadConversion).execute(told.conversion_id)).toMatchObject({ ...told, uses: [] });
    expect(await harness.published()).toEqual([]);
  });

  it('names the precise reason of each code that did not work', async () => {
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
      const person = await desk.personWith((await bonusCode(column)).id);
      expect((await desk.record(desk.conversion(person))).map(digest)).toEqual([{ bonuses: [], reasons: [reason] }]);
    }
  });

  it('stands on the hours in which its code was taken, and on the time at which it happened', async () => {
    const closed = { enabled: true, start_time: '20:00', end_time: '21:00', timezone: 'UTC' };
    const person = await desk.personWith(
      (await bonusCode({ active_hours: closed, stacking: 'combinable' })).id,
      (await bonusCode({ valid_until: '2026-03-02T08:59:00.001Z', status: 'expired', stacking: 'combinable' })).id,
    );
    expect((await desk.record(desk.conversion(person))).map(digest)).toEqual([{ bonuses: [100, 100], reasons: [] }]);
  });

  it('of before the code was taken earns nothing, but for what clocks may differ', async () => {
    const code = await fixed(500);
    const person = await desk.personWith(code.id);
    const [taken] = await harness.query<{ applied_at: Temporal.Instant }>(
      'select applied_at from promo_application where code_id = $1',
      [code.id],
    );
    const at = (seconds: number) =>
      desk.conversion(person, { occurred_at: String(taken?.applied_at.add({ seconds })) });
    expect((await desk.record(at(-3_600), at(-301), at(-300), at(60))).map(digest)).toEqual([
      { bonuses: [], reasons: [] },
      { bonuses: [], reasons: [] },
      { bonuses: [500], reasons: [] },
      { bonuses: [500], reasons: [] },
    ]);
    expect(await counters(code.id)).toMatchObject({ used: 2, given: 1_000 });
  });

  it('counts on the day on which it happened, whenever it is told', async () => {
    const code = await fixed(500);
    const person = await desk.personWith(code.id);
    await harness.query(`update promo_application set applied_at = '2026-02-27T00:00:00Z' where code_id = $1`, [
      code.id,
    ]);
    const [before, after] = ['2026-02-28T23:59:59Z', '2026-03-01T00:00:00Z'].map((occurred_at) =>
      desk.conversion(person, { occurred_at }),
    ) as [ConversionBody, ConversionBody];
    const on = async (...days: string[]) => {
      const analytics = harness.get(ReadOfferAnalytics);
      const read = (day: string) => analytics.execute({ code_id: code.id, owned_by: null, from: day, to: day });
      return (await Promise.all(days.map(read))).map(({ total_uses: uses }) => uses);
    };
    const days = ['2026-02-28', '2026-03-01', '2026-03-02'] as const;
    // Told in the other order, and read before the sums know of it and after.
    await desk.record(after);
    await harness.get(RollUp).execute();
    await desk.record(before);
    expect(await on(...days)).toEqual([1, 1, 0]);
    await harness.get(RollUp).execute();
    expect(await on(...days)).toEqual([1, 1, 0]);
    await desk.reverse(before.conversion_id);
    await harness.get(RollUp).execute();
    expect(await on(...days)).toEqual([0, 1, 0]);
  });

  it('leaves codes for other offers alone', async () => {
    const elsewhere = await bonusCode({ offers_rule: 'some', offers: ['elsewhere'] });
    const butThis = await bonusCode({ offers_rule: 'all_but', offers: [desk.offerId] });
    const here = await bonusCode({ offers_rule: 'some', offers: [desk.offerId], percent_bp: 2_000 });
    const person = await desk.personWith(elsewhere.id, butThis.id, here.id);
    expect((await desk.record(desk.conversion(person))).map(digest)).toEqual([{ bonuses: [200], reasons: [] }]);
  });
});

describe('a conversion whose person or class is told of later', () => {
  const person = (person_id: string) => ({
    person_id,
    name: 'Ada',
    username: `ada-${person_id}`,
    email: `${person_id}@example.org`,
    registered_at: '2026-03-02T09:00:00Z',
  });
  const klass = (class_id: string) => ({
    class_id,
    title: 'Chess',
    currency: 'EUR',
    published_at: '2026-03-02T09:00:00Z',
  });
  const nameOf = async (id: string) =>
    (await harness.query<{ username: string }>('select username from person where id = $1', [id]))[0]?.username;

  /** Lets subscriptions know these, and gives what it is asked from now on, about both at the same time. */
  function known({ persons = [], classes = [] }: { persons?: readonly string[]; classes?: readonly string[] }) {
    const asked: { persons: string[][]; classes: string[][] } = { persons: [], classes: [] };
    harness.others.on(findPersons, async ({ person_ids: ids }) => {
      asked.persons.push(ids);
      // Whoever waits for another service holds no locks meanwhile.
      const waiting = `select from pg_stat_activity where datname = current_database() and state like 'idle in%'`;
      expect(await harness.query(waiting)).toEqual([]);
      return { persons: ids.filter((id) => persons.includes(id)).map(person) };
    });
    harness.others.on(findClasses, ({ class_ids: ids }) => {
      asked.classes.push(ids);
      return { classes: ids.filter((id) => classes.includes(id)).map(klass) };
    });
    return asked;
  }

  it('is recorded, because subscriptions says that they exist, and what is told later is no other', async () => {
    const [personId, classId] = [newId(), newId()];
    await desk.apply([personId], [(await bonusCode()).id]);
    const asked = known({ persons: [personId], classes: [classId] });
    const told = desk.conversion(personId, { offer_id: classId.toUpperCase() });
    const [outcome] = await desk.record(told);
    expect(digest(outcome as Outcome)).toEqual({ bonuses: [100], reasons: [] });
    expect(asked).toEqual({ persons: [[personId]], classes: [[classId]] });
    expect(await desk.record(told, desk.conversion(personId, { offer_id: classId }))).toMatchObject([
      outcome,
      { uses: [{ bonus_minor: 100 }] },
    ]);
    expect(asked).toEqual({ persons: [[personId]], classes: [[classId]] });

    expect(await nameOf(personId)).toBe(`ada-${personId}`);
    await harness.get(ProjectPersons).execute([envelope({ ...person(personId), username: 'grace' })]);
    expect(await nameOf(personId)).toBe('grace');
    const changed = { ...klass(classId), title: 'Go', changed_at: '2026-03-02T09:00:01Z' };
    await harness.get(ProjectClasses).execute([envelope(changed), envelope(klass(classId))]);
    expect((await harness.get(ReadOffers).one(classId)).name).toBe('Go');
  });

  it('is refused where subscriptions does not know them either, and nobody is asked about what it cannot know', async () => {
    const [registered, stranger] = [newId(), newId()];
    const asked = known({ persons: [registered] });
    const outcomes = await desk.record(
      desk.conversion(registered),
      desk.conversion(stranger),
      desk.conversion(stranger),
      desk.conversion(registered, { offer_id: 'nowhere in particular' }),
      desk.conversion(registered, { offer_id: newId() }),
    );
    expect(outcomes.map(({ problem }) => problem?.code ?? null)).toEqual([
      null,
      'PERSON_NOT_FOUND',
      'PERSON_NOT_FOUND',
      'OFFER_NOT_FOUND',
      'OFFER_NOT_FOUND',
    ]);
    expect([asked.persons, asked.classes].map((calls) => calls.map((ids) => ids.length))).toEqual([[2], [1]]);
    expect(await nameOf(stranger)).toBeUndefined();
  });

  it('is one of a thousand, of a thousand persons, and they are asked about at once', async () => {
    const persons = Array.from({ length: 1_000 }, newId);
    const asked = known({ persons });
    const outcomes = await desk.record(...persons.map((one) => desk.conversion(one)));
    expect(outcomes.filter(({ problem }) => problem)).toEqual([]);
    expect(asked.persons.map((ids) => findPersons.request.parse({ person_ids: ids }).person_ids.length)).toEqual([
      1_000,
    ]);
    expect(asked.classes).toEqual([]);
  });

  it('is recorded once by two instances that meet them at the same moment', async () => {
    const persons = Array.from({ length: 50 }, newId);
    for (const { others } of [harness, second])
      others.on(findPersons, ({ person_ids: ids }) => ({ persons: ids.map(person) }));
    const conversions = persons.map((one) => desk.conversion(one));
    const replies = await Promise.all(
      [harness, second, harness, second].map((instance, turn) =>
        instance
          .get(RecordConversions)
          .execute([command({ conversions: turn > 1 ? conversions.toReversed() : conversions })]),
      ),
    );
    const outcomes = replies.flat().flatMap((reply) => answerOf(reply).items);
    expect(outcomes.filter(({ problem }) => problem)).toEqual([]);
    expect(new Set(outcomes.map((outcome) => canonicalJson(outcome))).size).toBe(50);
  });

  it('is not answered while subscriptions is away, nor is anything of its request recorded; others are', async () => {
    const away = () => {
      throw new ServiceUnavailable('subscriptions', 'the test says so');
    };
    harness.others.on(findPersons, away);
    harness.others.on(findClasses, away);
    const [known] = (await desk.persons(1)) as [string];
    const newcomer = newId();
    const [first, beside, fine] = [desk.conversion(known), desk.conversion(newcomer), desk.conversion(known)];
    const ofClass = desk.conversion(known, { offer_id: newId() });
    const outside = desk.conversion(known, { offer_id: 'no such offer' });
    // Under an id of the first request, and with another content: it is evaluated by itself.
    const clash = { ...first, offer_id: 'no such offer' };
    const tell = (...requests: ReturnType<OutsideSystem['conversion']>[][]) =>
      harness.get(RecordConversions).execute(requests.map((conversions) => command({ conversions })));
    const replies = await tell([first, beside], [ofClass], [clash], [fine, outside]);
    expect(replies.map((reply) => 'unavailable' in reply)).toEqual([true, true, false, false]);
    expect(replies.slice(2).flatMap((reply) => answerOf(reply).items.map(({ problem }) => problem?.code))).toEqual([
      'OFFER_NOT_FOUND',
      undefined,
      'OFFER_NOT_FOUND',
    ]);
    const ids = [first, beside, ofClass, clash].map(({ conversion_id: id }) => id);
    expect(await harness.query('select from conversion where conversion_id = any ($1)', [ids])).toEqual([]);

    harness.others.on(findPersons, ({ person_ids: asked }) => ({ persons: asked.map(person) }));
    const [reply] = await tell([first, beside]);
    expect(answerOf(reply).items.map(({ problem }) => problem)).toEqual([null, null]);
  });
});

describe('several codes of one person', () => {
  it('earn together where they can be combined', async () => {
    const person = await desk.personWith(
      (await fixed(500, { stacking: 'combinable', precedence: 2 })).id,
      (await bonusCode({ stacking: 'combinable', precedence: 1 })).id,
    );
    expect((await desk.record(desk.conversion(person))).map(digest)).toEqual([{ bonuses: [100, 500], reasons: [] }]);
  });

  it('the exclusive one stands alone, and which it is says the precedence', async () => {
    const person = await desk.personWith(
      (await fixed(1, { stacking: 'combinable', precedence: 3 })).id,
      (await fixed(2, { precedence: 2 })).id,
      (await fixed(3, { precedence: 1 })).id,
    );
    expect((await desk.record(desk.conversion(person))).map(digest)).toEqual([
      { bonuses: [3], reasons: ['PROMO_CODE_NOT_COMBINABLE', 'PROMO_CODE_NOT_COMBINABLE'] },
    ]);
  });

  it('one that does not work makes room for the next', async () => {
    const person = await desk.personWith(
      (await fixed(1, { precedence: 1, max_uses: 0 })).id,
      (await fixed(2, { precedence: 2, max_uses_per_person: 1 })).id,
      (await fixed(3, { precedence: 3 })).id,
    );
    const outcomes = await desk.record(desk.conversion(person), desk.conversion(person));
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
  /** Each by another limit; `count` of them before one that works. */
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
    const person = await desk.personWith();
    for (let precedence = 0; precedence < count; precedence += 1) {
      const code = await fixed(5, { precedence, ...worn[precedence % worn.length] });
      await desk.apply([person], [code.id]);
      await desk.record(desk.conversion(person));
    }
    await desk.apply([person], [(await fixed(7, { precedence: count })).id]);
    return person;
  }

  it('earns by the one that works, as fast as with few, and hears of each why not', async () => {
    const [few, many] = [await wearing(worn.length), await wearing(5 * worn.length)];
    let outcome: Outcome | undefined;
    const earn = async (person: string) => {
      [outcome] = await desk.record(desk.conversion(person));
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

  it('who is told of by several at once earns once by each that works', async () => {
    const person = await wearing(worn.length);
    await desk.apply([person], [(await fixed(8, { precedence: 100, max_uses_per_person: 1 })).id]);
    await harness.query(
      `update promo_code set max_uses_per_person = 1 where id in (
         select code_id from promo_application join promo_code on id = code_id where person_id = $1 and amount_minor = 7)`,
      [person],
    );
    const outcomes = await desk.record(desk.conversion(person), desk.conversion(person), desk.conversion(person));
    expect(outcomes.map((one) => digest(one).bonuses)).toEqual([[7], [8], []]);
  });
});

describe('two hundred conversions at once', () => {
  it('on a code with three uses left are three, and 197 precise refusals, and one deactivation', async () => {
    const code = await fixed(500, { max_uses: 5 });
    await desk.record(desk.conversion(await desk.personWith(code.id)), desk.conversion(await desk.personWith(code.id)));
    const persons = await desk.persons(200);
    await desk.apply(persons, [code.id]);
    // As they come from the broker: in sets, each of them a transaction, to both instances at the same moment.
    const sets = Array.from({ length: 20 }, (_, set) => persons.slice(set * 10, set * 10 + 10));
    const replies = await Promise.all(
      sets.map((set, index) =>
        (index % 2 ? harness : second)
          .get(RecordConversions)
          .execute(set.map((person) => command({ conversions: [desk.conversion(person)] }))),
      ),
    );
    const outcomes = replies.flat().flatMap((reply) => answerOf(reply).items);
    expect(outcomes.filter(({ uses }) => uses.length === 1)).toHaveLength(3);
    const refused = outcomes.filter(({ uses }) => uses.length === 0);
    expect(refused).toHaveLength(197);
    expect(new Set(refused.map((outcome) => JSON.stringify(digest(outcome).reasons)))).toEqual(
      new Set(['["PROMO_CODE_USED_UP"]']),
    );
    expect(await counters(code.id)).toEqual({ used: 5, held: 0, given: 2_500, status: 'expired', entries: 5 });
    expect(await harness.published(promoCodeDeactivated.type)).toHaveLength(1);
    expect(await harness.published(bonusEarned.type)).toHaveLength(5);
  });

  it('in one request, of two persons and within a budget, stop exactly there', async () => {
    const limited = await fixed(10, { max_uses_per_person: 4, stacking: 'combinable' });
    const budget = await fixed(10, { budget_minor: 125, stacking: 'combinable' });
    const [ada, grace] = [await desk.personWith(limited.id, budget.id), await desk.personWith(limited.id, budget.id)];
    const conversions = Array.from({ length: 200 }, (_, index) => desk.conversion(index % 2 ? ada : grace));
    const outcomes = await desk.record(...conversions);
    const usesOf = (codeId: string) => outcomes.flatMap(({ uses }) => uses.filter(({ code_id }) => code_id === codeId));
    expect([usesOf(limited.id).length, usesOf(budget.id).length]).toEqual([8, 12]);
    // As if one came after the other: the first take what there is.
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
    const persons = await desk.persons(1_000);
    await desk.apply(persons, [code.id]);
    const statements = await statementsOf(harness, () =>
      desk.record(...persons.map((person) => desk.conversion(person))),
    );
    expect(statements).toBeLessThan(20);
    expect(await counters(code.id)).toMatchObject({ used: 1_000, given: 100_000, entries: 1_000 });
  });
});

describe('a code that is counted when it is taken', () => {
  const holding = async (columns: CodeColumns = {}, holder?: string) => {
    const benefit = columns.percent_bp ? {} : { amount_minor: 500, currency: 'EUR' };
    const code = await bonusCode({ ...benefit, counts_on: 'apply', max_uses: 1, ...columns });
    const person = holder ?? (await desk.personWith());
    await desk.apply([person], [code.id]);
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

  it('redeems the slot that was held then, once', async () => {
    const { code, person, use } = await holding();
    const outcomes = await desk.record(desk.conversion(person), desk.conversion(person));
    expect(outcomes.map(digest)).toEqual([
      { bonuses: [500], reasons: [] },
      { bonuses: [], reasons: [] },
    ]);
    expect(outcomes[0]?.uses[0]?.use_id).toBe(use);
    expect((await desk.record(desk.conversion(person))).map(digest)).toEqual([{ bonuses: [], reasons: [] }]);
    expect(await counters(code.id)).toMatchObject({ used: 1, held: 0, given: 500, status: 'expired' });
  });

  it('whose slot is redeemed is not asked again by those that come to it later', async () => {
    const first = await holding({ precedence: 1, max_uses: 10, minimum_minor: 2_000 });
    const next = await holding({ precedence: 2, max_uses: 10 }, first.person);
    const outcomes = await desk.record(
      desk.conversion(first.person),
      desk.conversion(first.person, { payout_minor: 2_000 }),
      desk.conversion(first.person, { payout_minor: 2_000 }),
    );
    expect(outcomes.map(({ uses }) => uses.map(({ use_id: redemptionId }) => redemptionId))).toEqual([
      [next.use],
      [first.use],
      [],
    ]);
    expect(await counters(first.code.id)).toMatchObject({ used: 1, held: 0, given: 500 });
    expect(await counters(next.code.id)).toMatchObject({ used: 1, held: 0, given: 500 });
  });

  it('keeps the slot for the next conversion when there is nothing to share', async () => {
    const { code, person } = await holding({ percent_bp: 1_000 });
    const outcomes = await desk.record(desk.conversion(person, { payout_minor: 4 }), desk.conversion(person));
    expect(outcomes.map(digest)).toEqual([
      { bonuses: [], reasons: ['PROMO_CODE_BELOW_MINIMUM'] },
      { bonuses: [100], reasons: [] },
    ]);
    expect(await counters(code.id)).toMatchObject({ used: 1, held: 0, given: 100 });
  });

  it('keeps the slot for the next conversion when one does not fit', async () => {
    const { person } = await holding({ minimum_minor: 2_000 });
    const outcomes = await desk.record(
      desk.conversion(person),
      desk.conversion(person, { payout_minor: 2_000 }),
      desk.conversion(person),
    );
    expect(outcomes.map(digest)).toEqual([
      { bonuses: [], reasons: ['PROMO_CODE_BELOW_MINIMUM'] },
      { bonuses: [500], reasons: [] },
      { bonuses: [], reasons: [] },
    ]);
  });
});

describe('an order that closed', () => {
  const closed = (personId: string, amountMinor = 2_000) =>
    closedOrder({
      person_id: personId,
      amount_minor: amountMinor,
      opened_at: '2026-03-02T08:00:00Z',
      closed_at: '2026-03-02T08:59:00Z',
    });

  it('is a conversion of its class, once, in however many messages it is told', async () => {
    const code = await bonusCode();
    const order = closed(await desk.personWith(code.id));
    const told = envelope(order);
    await harness.get(ConvertOrders).execute([told, told, envelope(order)]);
    await Promise.all([harness, second].map((instance) => instance.get(ConvertOrders).execute([told])));
    await harness.get(ConvertOrders).execute([envelope(order)]);
    const earned = await harness.published(bonusEarned.type);
    expect(earned.map(({ data, causationId }) => [data, causationId])).toEqual([
      [
        expect.objectContaining({
          conversion_id: order.order_id,
          order_id: order.order_id,
          offer_id: order.class_id,
          amount_minor: 200,
        }),
        expect.any(String),
      ],
    ]);
    expect(await harness.query('select revenue_minor from redemption_entry where code_id = $1', [code.id])).toEqual([
      { revenue_minor: 2_000 },
    ]);
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 200 });
  });

  it('of a free class uses no percentage up, and the next that is paid earns', async () => {
    const once = await bonusCode({ max_uses_per_person: 1 });
    const person = await desk.personWith(once.id);
    const [free, paid] = [closed(person, 0), closed(person)];
    await harness.get(ConvertOrders).execute([envelope(free)]);
    expect(await harness.get(ReadConversion).execute(free.order_id)).toMatchObject({
      uses: [],
      refusals: [{ reason: 'PROMO_CODE_BELOW_MINIMUM', details: { minimum_minor: 5 } }],
    });
    expect(await counters(once.id)).toMatchObject({ used: 0, entries: 0 });
    await harness.get(ConvertOrders).execute([envelope(paid)]);
    expect(await harness.get(ReadConversion).execute(paid.order_id)).toMatchObject({
      uses: [{ bonus_minor: 200 }],
      refusals: [],
    });
  });

  it('whose uses another instance made a stage ago has them, and tells payments no second time', async () => {
    const code = await bonusCode();
    const order = closed(await desk.personWith(code.id));
    await harness.get(ConvertOrders).execute([envelope(order)]);
    // As it looks to one that asked for it before the other had committed.
    await harness.query('delete from conversion where conversion_id = $1', [order.order_id]);
    await second.get(ConvertOrders).execute([envelope(order)]);
    const { uses } = await harness.get(ReadConversion).execute(order.order_id);
    expect(uses).toMatchObject([{ code_id: code.id, bonus_minor: 200 }]);
    expect(await harness.published(bonusEarned.type)).toHaveLength(1);
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 200 });
  });

  it('of somebody without codes leaves nothing behind', async () => {
    const order = closed(await desk.personWith());
    await harness.get(ConvertOrders).execute([envelope(order)]);
    await expect(harness.get(ReadConversion).execute(order.order_id)).rejects.toMatchObject({
      code: 'CONVERSION_NOT_FOUND',
    });
  });

  it('can be taken back like any conversion', async () => {
    const code = await fixed(500);
    const order = closed(await desk.personWith(code.id));
    await harness.get(ConvertOrders).execute([envelope(order)]);
    expect((await desk.reverse(order.order_id)).uses).toHaveLength(1);
    expect(
      await harness.query('select kind, revenue_minor from redemption_entry where code_id = $1 order by entry_no', [
        code.id,
      ]),
    ).toEqual([
      { kind: 'redeemed', revenue_minor: 2_000 },
      { kind: 'reversed', revenue_minor: 2_000 },
    ]);
  });
});

describe('a reversal', () => {
  const converted = async (columns: CodeColumns = {}) => {
    const code = await fixed(500, { max_uses: 1, ...columns });
    const told = desk.conversion(await desk.personWith(code.id));
    await desk.record(told);
    return { code, told };
  };

  it('is entered beside the use, frees its slot, opens the code again and takes the bonus back', async () => {
    const { code, told } = await converted();
    expect(await counters(code.id)).toMatchObject({ used: 1, status: 'expired' });
    harness.clock.moveBy({ minutes: 1 });
    const reversal = await desk.reverse(told.conversion_id);
    expect(reversal).toMatchObject({
      conversion_id: told.conversion_id,
      reason: 'refund',
      reversed_at: harness.clock.now().toString(),
      uses: [{ code: code.code, bonus_minor: 500, currency: 'EUR', gives_back: true }],
    });
    expect(await counters(code.id)).toEqual({ used: 0, held: 0, given: 0, status: 'active', entries: 2 });
    const [earned] = await harness.published(bonusEarned.type);
    const [reversed, ...others] = await harness.published(bonusReversed.type);
    expect(others).toEqual([]);
    expect(reversed).toMatchObject({ subject: earned?.subject, data: { bonus_id: earned?.subject, reason: 'refund' } });
    expect(await harness.get(ReadConversion).execute(told.conversion_id)).toMatchObject({
      reverse_reason: 'refund',
      reversed_at: reversal.reversed_at,
    });
    const next = await desk.record(desk.conversion(await desk.personWith(code.id)));
    expect(next.map(digest)).toEqual([{ bonuses: [500], reasons: [] }]);
  });

  it('keeps the slot where the give-back rule says so for its reason', async () => {
    const { code, told } = await converted();
    const { uses } = await desk.reverse(told.conversion_id, 'fraud');
    expect(uses.map(({ gives_back }) => gives_back)).toEqual([false]);
    expect(await counters(code.id)).toMatchObject({ used: 1, status: 'expired' });
    expect(await harness.published(bonusReversed.type)).toHaveLength(1);
  });

  it('asked for again has the same answer, and for another reason is refused', async () => {
    const { code, told } = await converted();
    const first = await desk.reverse(told.conversion_id);
    harness.clock.moveBy({ minutes: 1 });
    const request = (reason: 'refund' | 'fraud') => command({ conversion_id: told.conversion_id, reason });
    const replies = await Promise.all(
      [harness, second].map((instance) =>
        instance.get(ReverseConversions).execute([request('refund'), request('fraud')]),
      ),
    );
    for (const [same, other] of replies) {
      expect(answerOf(same)).toEqual(first);
      expect(refusalOf(other)).toBe('CONVERSION_ALREADY_REVERSED');
    }
    expect(await counters(code.id)).toMatchObject({ used: 0, entries: 2 });
    expect(await harness.published(bonusReversed.type)).toHaveLength(1);
  });

  it('asked for at once by many happens once', async () => {
    const { code, told } = await converted();
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? harness : second)
          .get(ReverseConversions)
          .execute([command({ conversion_id: told.conversion_id, reason: 'cancel' as const })]),
      ),
    );
    expect(await counters(code.id)).toMatchObject({ used: 0, entries: 2 });
    expect(await harness.published(bonusReversed.type)).toHaveLength(1);
  });

  it('does not make the conversion a new one: told again, it has its first answer', async () => {
    const { code, told } = await converted();
    const [first] = await desk.record(told);
    await desk.reverse(told.conversion_id);
    expect(await desk.record(told)).toEqual([first]);
    expect(await counters(code.id)).toMatchObject({ used: 0 });
  });

  it('of what nobody recorded is refused', async () => {
    const asked = command({ conversion_id: 'nothing', reason: 'refund' as const });
    expect((await harness.get(ReverseConversions).execute([asked])).map(refusalOf)).toEqual(['CONVERSION_NOT_FOUND']);
  });
});

describe('a request that comes again', () => {
  const record = (id: string, ...conversions: ReturnType<OutsideSystem['conversion']>[]) =>
    harness.get(RecordConversions).execute([command({ conversions }, id)]);
  const reverse = (id: string, conversionId: string, reason: 'refund' | 'fraud' = 'refund') =>
    harness.get(ReverseConversions).execute([command({ conversion_id: conversionId, reason }, id)]);
  const one = async <Reply>(replies: Promise<Reply[]>) => (await replies)[0] as Reply;
  const codeOf = (reply: object) => ('refusal' in reply ? (reply.refusal as { code: string }).code : null);

  it('gets its first answer, also that somebody was not known, and nothing else may come under its id', async () => {
    const code = await fixed(100);
    const [person, stranger] = [await desk.personWith(code.id), newId()];
    const conversions = [desk.conversion(person), desk.conversion(stranger)];
    const id = newId();
    const first = await one(record(id, ...conversions));
    expect(first).toMatchObject({ answer: { items: [{ problem: null }, { problem: { code: 'PERSON_NOT_FOUND' } }] } });
    harness.others.on(findPersons, ({ person_ids: ids }) => ({
      persons: ids.map((one) => ({
        person_id: one,
        name: 'Ada',
        username: one,
        email: `${one}@example.org`,
        registered_at: '2026-03-02T09:00:00Z',
      })),
    }));
    expect(await one(record(id, ...conversions))).toEqual(first);
    expect(codeOf(await one(record(id, desk.conversion(person))))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 100 });
    expect(await one(record(newId(), ...conversions))).toMatchObject({
      answer: { items: [{ problem: null }, { problem: null }] },
    });
  });

  it('and will come until it succeeds is decided anew, and still nothing else may come under its id', async () => {
    const code = await fixed(100);
    const [known, late] = [await desk.personWith(code.id), newId()];
    const [told, unknown] = [desk.conversion(known), desk.conversion(late)];
    const id = newId();
    const send = (...conversions: (typeof told)[]) =>
      one(harness.get(RecordConversions).execute([command({ conversions, sender_repeats: true }, id)]));
    const first = await send(told, unknown);
    expect(first).toMatchObject({ answer: { items: [{ problem: null }, { problem: { code: 'PERSON_NOT_FOUND' } }] } });
    expect(await send(told, unknown)).toEqual(first);
    expect(codeOf(await send(desk.conversion(known)))).toBe('IDEMPOTENCY_KEY_REUSED');
    await harness.get(ProjectPersons).execute([
      envelope({
        person_id: late,
        name: 'Ada',
        username: late,
        email: `${late}@example.org`,
        registered_at: '2026-03-02T09:00:00Z',
      }),
    ]);
    expect(await send(told, unknown)).toMatchObject({
      answer: { items: [(first as { answer: { items: unknown[] } }).answer.items[0], { problem: null }] },
    });
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 100 });
  });

  it('to take back what is recorded later takes it back then, once', async () => {
    const code = await fixed(100);
    const told = desk.conversion(await desk.personWith(code.id));
    const asked = { conversion_id: told.conversion_id, reason: 'refund' as const, sender_repeats: true };
    const id = newId();
    const send = (events: Partial<typeof asked> = {}) => command({ ...asked, ...events }, id);
    const reversing = harness.get(ReverseConversions);
    expect(codeOf(await one(reversing.execute([send()])))).toBe('CONVERSION_NOT_FOUND');
    await desk.record(told);
    const other = send({ conversion_id: 'another' });
    const replies = await reversing.execute([other, send(), send()]);
    expect(replies.map(codeOf)).toEqual(['IDEMPOTENCY_KEY_REUSED', null, null]);
    expect(replies[2]).toEqual(replies[1]);
    expect(await one(reversing.execute([send()]))).toEqual(replies[1]);
    expect(await counters(code.id)).toMatchObject({ used: 0 });
  });

  it('takes back what it took back first, and nothing else', async () => {
    const code = await fixed(100);
    const [told, other] = [
      desk.conversion(await desk.personWith(code.id)),
      desk.conversion(await desk.personWith(code.id)),
    ];
    await desk.record(told, other);
    const id = newId();
    const first = await one(reverse(id, told.conversion_id));
    expect(await one(reverse(id, told.conversion_id))).toEqual(first);
    expect(codeOf(await one(reverse(id, other.conversion_id)))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(codeOf(await one(reverse(id, told.conversion_id, 'fraud')))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await counters(code.id)).toMatchObject({ used: 1 });
  });
});
