import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { proveInvariants, quiet, replayChangesNothing, rows } from '../support/stack/invariants.js';
import { Load } from '../support/stack/load.js';
import { Scenario, type Student } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

describe('promo codes, over two instances of every service', () => {
  let stack: Stack;
  let scenario: Scenario;

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2, settings: { SWEEP_SECONDS: '1', CODE_ATTEMPTS_PERSON_MAX: '30' } });
    scenario = await Scenario.on(stack);
  });
  afterAll(() => stack.stop());

  const percent = (percent_bp: number, terms: object = {}) => scenario.code({ kind: 'discount', percent_bp, ...terms });
  const students = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, turn) => scenario.student(turn % 2)));

  /** The counters of a code, as its admin sees them. */
  const countersOf = async (codeId: string) => {
    const { body } = await scenario.admin.get(`/admin/promo-codes/${codeId}`);
    return { used: body.usage_count, held: body.held_count, given: body.given_minor, status: body.status };
  };
  const counted = (codeId: string, expected: object) =>
    eventually(async () => expect(await countersOf(codeId)).toMatchObject(expected));
  /** A class whose publication promotions has received: until then it is no offer of its own. */
  const offeredClass = async (terms: Parameters<Scenario['class']>[0]) => {
    const classId = await scenario.class(terms);
    await eventually(async () => (await scenario.admin.get(`/admin/offers/${classId}`)).status === 200);
    return classId;
  };
  const codesOf = (answers: { status: number; body: { code?: string } }[]) =>
    answers.map(({ status, body }) => (status < 300 ? 'done' : body.code));

  describe('a discount', () => {
    it('makes an order cheaper, says how, and is redeemed when the order closes', async () => {
      const student = await scenario.student();
      const classId = await offeredClass({ priceMinor: 4_999 });
      const spring = await percent(2_000, { max_uses: 10 });
      const asked = { person_id: student.personId, offer_id: classId, amount_minor: 4_999, currency: 'EUR' };
      const verdict = await student.api.post('/promo-codes/validate', { ...asked, promo_code: spring.code });
      expect(verdict).toMatchObject({ status: 200, body: { usable: true, benefit_minor: 1_000 } });

      const answer = await scenario.orderWith(student, classId, spring.code.toLowerCase());
      expect(answer).toMatchObject({
        status: 201,
        body: {
          state: 'opened',
          price_minor: 4_999,
          discount_minor: 1_000,
          discounts: [{ code: spring.code, discount_minor: 1_000, explanation: expect.stringContaining('10.00 EUR') }],
          amount_minor: 3_999,
          explanation: expect.stringMatching(/^It costs 49\.99 EUR.*\. 39\.99 EUR remain to be paid\.$/),
        },
      });
      const orderId = answer.body.order_id;
      expect(await countersOf(spring.codeId)).toMatchObject({ used: 0, held: 1, given: 0 });

      await scenario.pay({ amountMinor: 3_999, orderId });
      expect(await scenario.settled(orderId)).toMatchObject({
        state: 'closed',
        amount_minor: 3_999,
        discount_minor: 1_000,
      });
      await counted(spring.codeId, { used: 1, held: 0, given: 1_000 });
      const { body: account } = await scenario.admin.get(`/admin/promo-codes/${spring.codeId}/proof`);
      expect(account.agrees).toBe(true);
    });

    it('of everything closes the order at once', async () => {
      const student = await scenario.student();
      const classId = await offeredClass({ priceMinor: 2_500 });
      const gift = await percent(10_000);
      const { body } = await scenario.orderWith(student, classId, gift.code);
      expect(body).toMatchObject({ state: 'closed', amount_minor: 0, discount_minor: 2_500 });
      expect(await scenario.studentsOf(classId)).toEqual([student.personId]);
      await counted(gift.codeId, { used: 1, held: 0, given: 2_500 });
    });

    it('combines with others in their order, each of what the one before left, to the minor unit', async () => {
      const student = await scenario.student();
      const classId = await offeredClass({ priceMinor: 999 });
      const combinable = { stacking: 'combinable' };
      const last = await percent(3_333, { ...combinable, precedence: 2 });
      const first = await scenario.code({
        kind: 'discount',
        amount_minor: 250,
        currency: 'EUR',
        ...combinable,
        precedence: 1,
      });
      const { body } = await scenario.orderWith(student, classId, last.code, first.code);
      // 999 - 250 = 749, of which a third is 249.6…
      expect(body.discounts.map((one: { code: string }) => one.code)).toEqual([first.code, last.code]);
      expect(body.discounts.map((one: { discount_minor: number }) => one.discount_minor)).toEqual([250, 250]);
      expect([body.discount_minor, body.amount_minor]).toEqual([500, 499]);

      const alone = await percent(1_000);
      const other = await scenario.student();
      const together = await scenario.orderWith(other, classId, alone.code, first.code);
      expect(together.status).toBe(422);
      expect(await countersOf(alone.codeId)).toMatchObject({ used: 0, held: 0 });
      expect(await countersOf(first.codeId)).toMatchObject({ held: 1 });
    });

    it('comes back to its code when the order is cancelled or expires', async () => {
      const student = await scenario.student();
      const one = await percent(1_000, { max_uses: 1 });
      const [cancelled, expired, kept] = await Promise.all(
        [1_000, 2_000, 3_000].map((priceMinor) => offeredClass({ priceMinor })),
      );
      const first = await scenario.orderWith(student, cancelled!, one.code);
      expect(first.status).toBe(201);
      expect((await scenario.orderWith(await scenario.student(), expired!, one.code)).status).toBeGreaterThanOrEqual(
        400,
      );
      await scenario.admin.post(`/orders/${first.body.order_id}/cancel`);
      await counted(one.codeId, { used: 0, held: 0 });

      const second = await scenario.orderWith(student, expired!, one.code);
      expect(second.status).toBe(201);
      await rows(stack, 'subscriptions', `update orders set expires_at = now() where id = '${second.body.order_id}'`);
      await scenario.orderIn('expired', second.body.order_id);
      await counted(one.codeId, { used: 0, held: 0 });

      expect((await scenario.orderWith(student, kept!, one.code)).body.discount_minor).toBe(300);
    });

    it('that was held for an order which was refused is given back', async () => {
      const code = await percent(5_000, { max_uses: 40 });
      const classId = await offeredClass({ priceMinor: 1_000, capacity: 2 });
      const answers = await Promise.all(
        (await students(20)).map((student) => scenario.orderWith(student, classId, code.code)),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
      expect(answers.filter(({ body }) => body.code === 'CLASS_FULL')).toHaveLength(18);
      await counted(code.codeId, { used: 0, held: 2 });
    });

    it('is refused of a class that costs nothing, and of a code that nobody knows', async () => {
      const student = await scenario.student();
      const free = await offeredClass({});
      const code = await percent(1_000);
      expect((await scenario.orderWith(student, free, code.code)).body.code).toBe('NOTHING_TO_DISCOUNT');
      const priced = await offeredClass({ priceMinor: 100 });
      expect((await scenario.orderWith(student, priced, 'NO-SUCH-CODE')).body.code).toBe('PROMO_CODE_NOT_USABLE');
      expect((await student.api.get('/orders')).body.total).toBe(0);
    });
  });

  describe('limits', () => {
    it('hold exactly under simultaneous orders of one code', async () => {
      const code = await percent(1_000, { max_uses: 3 });
      const classId = await offeredClass({ priceMinor: 1_000 });
      const everybody = await students(60);
      const answers = await Promise.all(everybody.map((student) => scenario.orderWith(student, classId, code.code)));
      const opened = answers.filter(({ status }) => status === 201);
      expect(opened).toHaveLength(3);
      expect(new Set(codesOf(answers))).toEqual(new Set(['done', 'PROMO_CODE_NOT_USABLE']));
      await counted(code.codeId, { used: 0, held: 3, status: 'active' });
      for (const { body } of opened) await scenario.pay({ amountMinor: 900, orderId: body.order_id });
      // The last use has been taken, and that deactivated the code.
      await counted(code.codeId, { used: 3, held: 0, status: 'expired' });
    });

    it('of a person hold over simultaneous orders of several classes', async () => {
      const code = await percent(1_000, { max_uses_per_person: 2 });
      const student = await scenario.student();
      const classes = await Promise.all(Array.from({ length: 8 }, () => offeredClass({ priceMinor: 700 })));
      const answers = await Promise.all(classes.map((classId) => scenario.orderWith(student, classId, code.code)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
      expect(new Set(codesOf(answers))).toEqual(new Set(['done', 'PROMO_CODE_PERSON_LIMIT']));
    });

    it('of the budget hold in any order of arrival', async () => {
      const code = await percent(5_000, { currency: 'EUR', budget_minor: 1_200 });
      const classId = await offeredClass({ priceMinor: 1_000 });
      const answers = await Promise.all(
        (await students(10)).map((student) => scenario.orderWith(student, classId, code.code)),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    });

    it('hold exactly under 200 conversions at once, reported singly and in lists, each of them twice', async () => {
      const offerId = await scenario.offer();
      const code = await scenario.code({ kind: 'bonus', amount_minor: 500, currency: 'EUR', max_uses: 3 });
      const everybody = await students(40);
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
          .filter(({ uses }) => uses.length > 0)
          .map(({ conversion_id }: { conversion_id: string }) => conversion_id),
      );
      expect(using.size).toBe(3);
      const refused = outcomes.filter(({ uses }) => uses.length === 0);
      expect(new Set(refused.map(({ refusals }) => refusals[0].reason))).toEqual(new Set(['PROMO_CODE_USED_UP']));
      await counted(code.codeId, { used: 3, held: 0, given: 1_500, status: 'expired' });
    });
  });

  describe('a bonus', () => {
    /** Somebody who has taken a bonus code. */
    const taker = async (terms: object): Promise<{ student: Student; code: string; codeId: string }> => {
      const student = await scenario.student();
      const code = await scenario.code({ kind: 'bonus', ...terms });
      expect(await scenario.apply(student, code.code)).toMatchObject({ status: 200, body: { state: 'applied' } });
      return { student, ...code };
    };

    it('is earned by a conversion, reaches the account once, and funds an open order', async () => {
      const offerId = await scenario.offer();
      const { student, codeId } = await taker({ percent_bp: 1_000, offers_rule: 'some', offers: [offerId] });
      const orderId = await scenario.order(student, await scenario.class({ priceMinor: 1_500 }));
      const conversionId = randomUUID();
      const reported = {
        conversionId,
        personId: student.personId,
        offerId,
        payoutMinor: 16_000,
        occurredAt: new Date(),
      };
      const answers = await Promise.all(Array.from({ length: 5 }, (_, turn) => scenario.convert(reported, turn % 2)));
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      expect(answers[0]?.body.items[0].uses).toMatchObject([{ bonus_minor: 1_600, currency: 'EUR' }]);
      await scenario.settled(orderId);
      expect(await scenario.balance(student.personId)).toEqual({ posted: 100, reserved: 0, available: 100 });
      await counted(codeId, { used: 1, given: 1_600 });
      const other = await scenario.convert({ ...reported, payoutMinor: 17_000 });
      expect(other).toMatchObject({ body: { code: 'CONVERSION_REUSED' } });
    });

    it('is earned by an order that closes, and taken back as far as it is there when that is reversed', async () => {
      const { student, codeId } = await taker({ amount_minor: 700, currency: 'EUR', max_uses: 1 });
      const classId = await offeredClass({ priceMinor: 1_000 });
      const orderId = await scenario.order(student, classId);
      await scenario.pay({ amountMinor: 1_000, orderId });
      await scenario.settled(orderId);
      await eventually(async () => expect((await scenario.balance(student.personId)).available).toBe(700));
      await counted(codeId, { used: 1, status: 'expired' });

      const next = await scenario.order(student, await scenario.class({ priceMinor: 500 }));
      await scenario.settled(next);
      const reversal = () => scenario.reverse(orderId);
      const [first, again] = [await reversal(), await reversal()];
      expect(first).toMatchObject({ status: 200, body: { uses: [{ bonus_minor: 700, gives_back: true }] } });
      expect(again.body).toEqual(first.body);
      await eventually(async () => expect((await scenario.balance(student.personId)).available).toBe(0));
      await counted(codeId, { used: 0, status: 'active' });
    });

    it('is for those who took the code, and for nothing before', async () => {
      const offerId = await scenario.offer();
      const [stranger, code] = [await scenario.student(), await scenario.code({ kind: 'bonus', percent_bp: 500 })];
      const { status, body } = await scenario.convert({ personId: stranger.personId, offerId, payoutMinor: 1_000 });
      expect(status).toBe(200);
      expect(body.items[0]).toMatchObject({ uses: [], refusals: [], problem: null });
      expect(await countersOf(code.codeId)).toMatchObject({ used: 0 });
    });

    it('is earned at once by somebody just registered, for a class just published, before any event is received', async () => {
      const code = await scenario.code({ kind: 'bonus', percent_bp: 1_000 });
      const promotions = new pg.Client({ connectionString: stack.databaseUrl('promotions') });
      await promotions.connect();
      try {
        // A consumer of an event writes here first, and waits.
        await promotions.query('begin; lock table inbox in exclusive mode');
        const outcomes = await Promise.all(
          Array.from({ length: 10 }, async (_, turn) => {
            const [student, classId] = await Promise.all([
              scenario.student(turn % 2),
              scenario.class({ priceMinor: 500 }),
            ]);
            await scenario.apply(student, code.code);
            const reported = { personId: student.personId, offerId: classId, payoutMinor: 1_000 };
            const { status, body } = await scenario.convert(reported, (turn + 1) % 2);
            return [status, body.items?.[0]?.uses.length ?? body.code];
          }),
        );
        expect(outcomes).toEqual(Array(10).fill([200, 1]));
      } finally {
        await promotions.end();
      }
      await counted(code.codeId, { used: 10, given: 1_000 });
    });

    it('is not earned by what somebody says without the secret', async () => {
      const answer = await fetch(`${stack.gatewayUrl}/api/conversions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': 'msg_forged',
          'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
          'webhook-signature': `v1,${Buffer.from('forged').toString('base64')}`,
        },
        body: JSON.stringify({}),
      });
      expect(answer.status).toBe(401);
      const student = await scenario.student();
      expect((await student.api.post('/conversions', {})).status).toBe(403);
    });
  });

  describe('active hours', () => {
    /** An hour that is open now, and one that is not, in Kolkata. */
    const hours = (offsetHours: number) => {
      const now = Temporal.Now.zonedDateTimeISO('Asia/Kolkata').add({ hours: offsetHours });
      const at = (time: Temporal.ZonedDateTime) => time.toPlainTime().toString({ smallestUnit: 'minute' });
      return {
        enabled: true,
        start_time: at(now.subtract({ minutes: 30 })),
        end_time: at(now.add({ minutes: 30 })),
        timezone: 'Asia/Kolkata',
      };
    };

    it('decide when a code is held, by the wall clock of its zone', async () => {
      const classId = await offeredClass({ priceMinor: 1_000 });
      const [open, shut] = [
        await percent(1_000, { active_hours: hours(0) }),
        await percent(1_000, { active_hours: hours(6) }),
      ];
      expect((await scenario.orderWith(await scenario.student(), classId, open.code)).status).toBe(201);
      const refused = await scenario.orderWith(await scenario.student(), classId, shut.code);
      expect(refused.body.code).toBe('PROMO_CODE_NOT_USABLE');
      expect(refused.body.details ?? {}).not.toHaveProperty('next_opens_at');
    });

    it('show a listed person when they open', async () => {
      const student = await scenario.student();
      const shut = await percent(1_000, { active_hours: hours(6), audience: 'listed', persons: [student.personId] });
      const refused = await scenario.orderWith(student, await offeredClass({ priceMinor: 1_000 }), shut.code);
      expect(refused.body).toMatchObject({
        code: 'PROMO_CODE_OUTSIDE_HOURS',
        details: { next_opens_at: expect.stringMatching(/Z$/) },
      });
    });

    it.each([
      [{ start_time: '12:00', end_time: '12:00' }],
      [{ timezone: 'IST' }],
      [{ timezone: 'Mars/Phobos' }],
      [{ end_time: '24:30' }],
      [{ start_time: '6:0' }],
    ])('of %j are not taken', async (wrong) => {
      const active_hours = {
        enabled: true,
        start_time: '06:00',
        end_time: '09:00',
        timezone: 'Asia/Kolkata',
        ...wrong,
      };
      const answer = await scenario.admin.post('/admin/promo-codes', {
        code: `HOURS-${randomUUID()}`,
        kind: 'discount',
        percent_bp: 1_000,
        active_hours,
      });
      expect(answer.status).toBe(422);
      expect(answer.body.field ?? answer.body.details.field).toContain('active_hours');
    });
  });

  describe('a guesser', () => {
    it('gets the same refusal for a code that does not exist as for one that does not work', async () => {
      const classId = await offeredClass({ priceMinor: 1_000 });
      const [paused, spent, elsewhere] = [
        await percent(1_000, { status: 'paused' }),
        await percent(1_000, { valid_until: '2026-01-01T00:00:00Z' }),
        await percent(1_000, { offers_rule: 'some', offers: [randomUUID()] }),
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
      const classId = await offeredClass({ priceMinor: 1_000 });
      const tries = [];
      for (let turn = 0; turn < 60 && tries.at(-1)?.status !== 429; turn += 1) {
        tries.push(await scenario.apply(guesser, `GUESS-${randomUUID().slice(0, 6)}`));
      }
      expect(tries.at(-1)).toMatchObject({ status: 429, body: { code: 'TOO_MANY_CODE_ATTEMPTS' } });
      expect(Number(tries.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
      const code = await percent(1_000);
      expect((await scenario.orderWith(guesser, classId, code.code)).status).toBe(429);
      expect((await scenario.orderWith(other, classId, code.code)).status).toBe(201);
      // What costs no guess goes on.
      expect((await guesser.api.post('/orders', { person_id: guesser.personId, class_id: classId })).status).toBe(201);
    });
  });

  describe('when promotions is away', () => {
    it('orders with codes are asked to come again, and all others go on', async () => {
      const classId = await offeredClass({ priceMinor: 1_000 });
      const code = await percent(1_000);
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
    const classId = await offeredClass({ priceMinor: 1_000 });
    const discount = await percent(1_000, { max_uses: 30, max_uses_per_person: 1 });
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
    expect((await countersOf(discount.codeId)).used).toBe(load.paid.filter(({ discounted }) => discounted).length);
    await proveInvariants(scenario);
  });

  it('leaves numbers that agree everywhere after every message is repeated', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
    await replayChangesNothing(scenario);
    await proveInvariants(scenario);
  });
});
