import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { proveInvariants, quiet, replayChangesNothing } from '../support/stack/invariants.js';
import { Load } from '../support/stack/load.js';
import { codesOf, PromoScenario } from '../support/stack/promo-scenario.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

describe('limits of promo codes, over two instances of every service', () => {
  let stack: Stack;
  let scenario: Scenario;
  let promo: PromoScenario;

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2, settings: { SWEEP_SECONDS: '1', CODE_ATTEMPTS_PERSON_MAX: '30' } });
    scenario = await Scenario.on(stack);
    promo = new PromoScenario(scenario);
  });
  afterAll(() => stack.stop());

  describe('limits', () => {
    it('hold exactly under simultaneous orders of one code', async () => {
      const code = await promo.percent(1_000, { max_uses: 3 });
      const classId = await promo.offeredClass({ priceMinor: 1_000 });
      const everybody = await promo.students(60);
      const answers = await Promise.all(everybody.map((student) => scenario.orderWith(student, classId, code.code)));
      const opened = answers.filter(({ status }) => status === 201);
      expect(opened).toHaveLength(3);
      expect(new Set(codesOf(answers))).toEqual(new Set(['done', 'PROMO_CODE_NOT_USABLE']));
      await promo.counted(code.codeId, { used: 0, held: 3, status: 'active' });
      for (const { body } of opened) await scenario.pay({ amountMinor: 900, orderId: body.order_id });
      // The last use has been taken, and that deactivated the code.
      await promo.counted(code.codeId, { used: 3, held: 0, status: 'expired' });
    });

    it('of a person hold over simultaneous orders of several classes', async () => {
      const code = await promo.percent(1_000, { max_uses_per_person: 2 });
      const student = await scenario.student();
      const classes = await Promise.all(Array.from({ length: 8 }, () => promo.offeredClass({ priceMinor: 700 })));
      const answers = await Promise.all(classes.map((classId) => scenario.orderWith(student, classId, code.code)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
      expect(new Set(codesOf(answers))).toEqual(new Set(['done', 'PROMO_CODE_PERSON_LIMIT']));
    });

    it('of the budget hold in any order of arrival', async () => {
      const code = await promo.percent(5_000, { currency: 'EUR', budget_minor: 1_200 });
      const classId = await promo.offeredClass({ priceMinor: 1_000 });
      const answers = await Promise.all(
        (await promo.students(10)).map((student) => scenario.orderWith(student, classId, code.code)),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    });

    it('hold exactly under 200 conversions at once, reported singly and in lists, each of them twice', async () => {
      const offerId = await scenario.offer();
      const code = await scenario.code({ kind: 'bonus', amount_minor: 500, currency: 'EUR', max_uses: 3 });
      const everybody = await promo.students(40);
      for (const student of everybody) expect((await scenario.apply(student, code.code)).status).toBe(200);
      const occurredAt = new Date();
      const conversions = Array.from({ length: 200 }, (_, turn) => ({
        conversionId: `conversion-${turn}-${offerId}`,
        personId: everybody[turn % everybody.length]!.personId,
        offerId,
        payoutMinor: 10_000,
        occurredAt,
      }));
      const reported = [
        ...conversions
          .slice(0, 100)
          .flatMap((conversion) => [conversion, conversion])
          .map((one) => [one]),
        conversions.slice(100),
        conversions.slice(100),
      ];
      const answers = await Promise.all(reported.map((list, turn) => scenario.convert(list, turn % 2)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const outcomes = answers.flatMap(({ body }) => body.items);
      const using = new Set(
        outcomes
          .filter(({ redemptions }) => redemptions.length > 0)
          .map(({ conversion_id }: { conversion_id: string }) => conversion_id),
      );
      expect(using.size).toBe(3);
      const refused = outcomes.filter(({ redemptions }) => redemptions.length === 0);
      expect(new Set(refused.map(({ refusals }) => refusals[0].reason))).toEqual(new Set(['PROMO_CODE_USED_UP']));
      await promo.counted(code.codeId, { used: 3, held: 0, given: 1_500, status: 'expired' });
    });
  });

  describe('a guesser', () => {
    it('gets the same refusal for a code that does not exist as for one that does not work', async () => {
      const classId = await promo.offeredClass({ priceMinor: 1_000 });
      const [paused, spent, elsewhere] = [
        await promo.percent(1_000, { status: 'paused' }),
        await promo.percent(1_000, { valid_until: '2026-01-01T00:00:00Z' }),
        await promo.percent(1_000, { offers_rule: 'some', offers: [randomUUID()] }),
      ];
      const refusals = new Set<string>();
      for (const code of [paused.code, spent.code, elsewhere.code, 'NO-SUCH-CODE']) {
        const student = await scenario.student();
        const asked = { person_id: student.personId, offer_id: classId, amount_minor: 1_000, currency: 'EUR' };
        for (const answer of [
          await scenario.orderWith(student, classId, code),
          await scenario.apply(student, code),
          { body: (await student.api.post('/promo-codes/validate', { ...asked, promo_code: code })).body.refusal },
        ]) {
          const { code: refusal, detail, message, details } = answer.body;
          refusals.add(JSON.stringify([refusal, detail ?? message, { ...details, field: undefined }]));
        }
      }
      expect([...refusals]).toHaveLength(1);
      expect([...refusals][0]).toContain('PROMO_CODE_NOT_USABLE');
    });

    it('is turned away after so many tries, and others are not', async () => {
      const [guesser, other] = [await scenario.student(), await scenario.student()];
      const classId = await promo.offeredClass({ priceMinor: 1_000 });
      const tries = [];
      for (let turn = 0; turn < 60 && tries.at(-1)?.status !== 429; turn += 1) {
        tries.push(await scenario.apply(guesser, `GUESS-${randomUUID().slice(0, 6)}`));
      }
      expect(tries.at(-1)).toMatchObject({ status: 429, body: { code: 'TOO_MANY_CODE_ATTEMPTS' } });
      expect(Number(tries.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
      const code = await promo.percent(1_000);
      expect((await scenario.orderWith(guesser, classId, code.code)).status).toBe(429);
      expect((await scenario.orderWith(other, classId, code.code)).status).toBe(201);
      // What costs no guess goes on.
      expect((await guesser.api.post('/orders', { person_id: guesser.personId, class_id: classId })).status).toBe(201);
    });
  });

  describe('when promotions is away', () => {
    it('orders with codes are asked to come again, and all others go on', async () => {
      const classId = await promo.offeredClass({ priceMinor: 1_000 });
      const code = await promo.percent(1_000);
      const [one, other] = [await scenario.student(), await scenario.student()];
      for (const instance of stack.instancesOf('promotions')) await instance.kill();
      try {
        const body = { person_id: one.personId, class_id: classId, promo_code: code.code };
        const key = { 'idempotency-key': randomUUID() };
        const refused = await one.api.post('/orders', body, key);
        expect(refused.status).toBe(503);
        const orderId = await scenario.order(other, classId);
        await scenario.pay({ amountMinor: 1_000, orderId });
        await scenario.settled(orderId);
        for (const instance of stack.instancesOf('promotions')) await instance.start();
        const again = await eventually(async () => {
          const answer = await one.api.post('/orders', body, key);
          return answer.status === 201 && answer;
        });
        expect(again.body.discount_minor).toBe(100);
      } finally {
        for (const instance of stack.instancesOf('promotions')) await instance.start();
      }
    });
  });

  it('promotions is killed under load, and no code is over its limit', async () => {
    const classId = await promo.offeredClass({ priceMinor: 1_000 });
    const discount = await promo.percent(1_000, { max_uses: 30, max_uses_per_person: 1 });
    const bonus = await scenario.code({ kind: 'bonus', amount_minor: 150, currency: 'EUR', max_uses: 25 });
    const load = new Load(scenario, classId, { codes: { discount: discount.code, bonus: bonus.code } });
    await load.more(20);
    for (const instance of stack.instancesOf('promotions')) {
      await instance.kill();
      await load.more(10);
      await instance.start();
      await load.more(10);
    }
    await load.stop();
    await quiet(stack);
    for (const { orderId } of load.paid) await scenario.settled(orderId);
    const { body } = await scenario.admin.get(`/admin/classes/${classId}/students?limit=1`);
    expect(body.total).toBe(load.paid.length);
    expect((await promo.countersOf(discount.codeId)).used).toBe(
      load.paid.filter(({ discounted }) => discounted).length,
    );
    await proveInvariants(scenario);
  });

  it('leaves numbers that agree everywhere after every message is repeated', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
    await replayChangesNothing(scenario);
    await proveInvariants(scenario);
  });
});
