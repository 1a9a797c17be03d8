import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { proveInvariants, quiet, replayChangesNothing, rows } from '../support/stack/invariants.js';
import { PromoScenario } from '../support/stack/promo-scenario.js';
import { Scenario, type Student } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

describe('promo codes, over two instances of every service', () => {
  let stack: Stack;
  let scenario: Scenario;
  let promo: PromoScenario;

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2, settings: { SWEEP_SECONDS: '1', CODE_ATTEMPTS_PERSON_MAX: '30' } });
    scenario = await Scenario.on(stack);
    promo = new PromoScenario(scenario);
  });
  afterAll(() => stack.stop());

  describe('a discount', () => {
    it('makes an order cheaper, says how, and is redeemed when the order closes', async () => {
      const student = await scenario.student();
      const classId = await promo.offeredClass({ priceMinor: 4_999 });
      const spring = await promo.percent(2_000, { max_uses: 10 });
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
      expect(await promo.countersOf(spring.codeId)).toMatchObject({ used: 0, held: 1, given: 0 });

      await scenario.pay({ amountMinor: 3_999, orderId });
      expect(await scenario.settled(orderId)).toMatchObject({
        state: 'closed',
        amount_minor: 3_999,
        discount_minor: 1_000,
      });
      await promo.counted(spring.codeId, { used: 1, held: 0, given: 1_000 });
      const { body: account } = await scenario.admin.get(`/admin/promo-codes/${spring.codeId}/proof`);
      expect(account.agrees).toBe(true);
    });

    it('of everything closes the order at once', async () => {
      const student = await scenario.student();
      const classId = await promo.offeredClass({ priceMinor: 2_500 });
      const gift = await promo.percent(10_000);
      const { body } = await scenario.orderWith(student, classId, gift.code);
      expect(body).toMatchObject({ state: 'closed', amount_minor: 0, discount_minor: 2_500 });
      expect(await scenario.studentsOf(classId)).toEqual([student.personId]);
      await promo.counted(gift.codeId, { used: 1, held: 0, given: 2_500 });
    });

    it('combines with others in their order, each of what the one before left, to the minor unit', async () => {
      const student = await scenario.student();
      const classId = await promo.offeredClass({ priceMinor: 999 });
      const combinable = { stacking: 'combinable' };
      const last = await promo.percent(3_333, { ...combinable, precedence: 2 });
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

      const alone = await promo.percent(1_000);
      const other = await scenario.student();
      const together = await scenario.orderWith(other, classId, alone.code, first.code);
      expect(together.status).toBe(422);
      expect(await promo.countersOf(alone.codeId)).toMatchObject({ used: 0, held: 0 });
      expect(await promo.countersOf(first.codeId)).toMatchObject({ held: 1 });
    });

    it('comes back to its code when the order is cancelled or expires', async () => {
      const student = await scenario.student();
      const one = await promo.percent(1_000, { max_uses: 1 });
      const [cancelled, expired, kept] = await Promise.all(
        [1_000, 2_000, 3_000].map((priceMinor) => promo.offeredClass({ priceMinor })),
      );
      const first = await scenario.orderWith(student, cancelled!, one.code);
      expect(first.status).toBe(201);
      expect((await scenario.orderWith(await scenario.student(), expired!, one.code)).status).toBeGreaterThanOrEqual(
        400,
      );
      await scenario.admin.post(`/orders/${first.body.order_id}/cancel`);
      await promo.counted(one.codeId, { used: 0, held: 0 });

      const second = await scenario.orderWith(student, expired!, one.code);
      expect(second.status).toBe(201);
      await rows(stack, 'subscriptions', `update orders set expires_at = now() where id = '${second.body.order_id}'`);
      await scenario.orderIn('expired', second.body.order_id);
      await promo.counted(one.codeId, { used: 0, held: 0 });

      expect((await scenario.orderWith(student, kept!, one.code)).body.discount_minor).toBe(300);
    });

    it('that was held for an order which was refused is given back', async () => {
      const code = await promo.percent(5_000, { max_uses: 40 });
      const classId = await promo.offeredClass({ priceMinor: 1_000, capacity: 2 });
      const answers = await Promise.all(
        (await promo.students(20)).map((student) => scenario.orderWith(student, classId, code.code)),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
      expect(answers.filter(({ body }) => body.code === 'CLASS_FULL')).toHaveLength(18);
      await promo.counted(code.codeId, { used: 0, held: 2 });
    });

    it('is refused of a class that costs nothing, and of a code that nobody knows', async () => {
      const student = await scenario.student();
      const free = await promo.offeredClass({});
      const code = await promo.percent(1_000);
      expect((await scenario.orderWith(student, free, code.code)).body.code).toBe('NOTHING_TO_DISCOUNT');
      const priced = await promo.offeredClass({ priceMinor: 100 });
      expect((await scenario.orderWith(student, priced, 'NO-SUCH-CODE')).body.code).toBe('PROMO_CODE_NOT_USABLE');
      expect((await student.api.get('/orders')).body.total).toBe(0);
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
      expect(answers[0]?.body.items[0].redemptions).toMatchObject([{ bonus_minor: 1_600, currency: 'EUR' }]);
      await scenario.settled(orderId);
      expect(await scenario.balance(student.personId)).toEqual({ posted: 100, reserved: 0, available: 100 });
      await promo.counted(codeId, { used: 1, given: 1_600 });
      const other = await scenario.convert({ ...reported, payoutMinor: 17_000 });
      expect(other).toMatchObject({ body: { code: 'CONVERSION_REUSED' } });
    });

    it('is earned by an order that closes, and taken back as far as it is there when that is reversed', async () => {
      const { student, codeId } = await taker({ amount_minor: 700, currency: 'EUR', max_uses: 1 });
      const classId = await promo.offeredClass({ priceMinor: 1_000 });
      const orderId = await scenario.order(student, classId);
      await scenario.pay({ amountMinor: 1_000, orderId });
      await scenario.settled(orderId);
      await eventually(async () => expect((await scenario.balance(student.personId)).available).toBe(700));
      await promo.counted(codeId, { used: 1, status: 'expired' });

      const next = await scenario.order(student, await scenario.class({ priceMinor: 500 }));
      await scenario.settled(next);
      const reversal = () => scenario.reverse(orderId);
      const [first, again] = [await reversal(), await reversal()];
      expect(first).toMatchObject({ status: 200, body: { redemptions: [{ bonus_minor: 700, gives_back: true }] } });
      expect(again.body).toEqual(first.body);
      await eventually(async () => expect((await scenario.balance(student.personId)).available).toBe(0));
      await promo.counted(codeId, { used: 0, status: 'active' });
    });

    it('is for those who took the code, and for nothing before', async () => {
      const offerId = await scenario.offer();
      const [stranger, code] = [await scenario.student(), await scenario.code({ kind: 'bonus', percent_bp: 500 })];
      const { status, body } = await scenario.convert({ personId: stranger.personId, offerId, payoutMinor: 1_000 });
      expect(status).toBe(200);
      expect(body.items[0]).toMatchObject({ redemptions: [], refusals: [], problem: null });
      expect(await promo.countersOf(code.codeId)).toMatchObject({ used: 0 });
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
            return [status, body.items?.[0]?.redemptions.length ?? body.code];
          }),
        );
        expect(outcomes).toEqual(Array(10).fill([200, 1]));
      } finally {
        await promotions.end();
      }
      await promo.counted(code.codeId, { used: 10, given: 1_000 });
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
      const classId = await promo.offeredClass({ priceMinor: 1_000 });
      const [open, shut] = [
        await promo.percent(1_000, { active_hours: hours(0) }),
        await promo.percent(1_000, { active_hours: hours(6) }),
      ];
      expect((await scenario.orderWith(await scenario.student(), classId, open.code)).status).toBe(201);
      const refused = await scenario.orderWith(await scenario.student(), classId, shut.code);
      expect(refused.body.code).toBe('PROMO_CODE_NOT_USABLE');
      expect(refused.body.details ?? {}).not.toHaveProperty('next_opens_at');
    });

    it('show a listed person when they open', async () => {
      const student = await scenario.student();
      const shut = await promo.percent(1_000, {
        active_hours: hours(6),
        audience: 'listed',
        persons: [student.personId],
      });
      const refused = await scenario.orderWith(student, await promo.offeredClass({ priceMinor: 1_000 }), shut.code);
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

  it('leaves numbers that agree everywhere after every message is repeated', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
    await replayChangesNothing(scenario);
    await proveInvariants(scenario);
  });
});
