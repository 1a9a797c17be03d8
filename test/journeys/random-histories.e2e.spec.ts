import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Campus, type Student } from '../support/campus.js';
import { proveInvariants, quiet, replayChangesNothing, rows } from '../support/invariants.js';
import type { Notification } from '../support/provider-notifications.js';
import { Stack } from '../support/stack.js';

type Step =
  | { readonly act: 'order'; readonly student: number; readonly class: number }
  | { readonly act: 'pay order'; readonly order: number; readonly amountMinor: number; readonly twice: boolean }
  | { readonly act: 'pay person'; readonly student: number; readonly amountMinor: number; readonly stripe: boolean }
  | { readonly act: 'pay nobody'; readonly amountMinor: number }
  | { readonly act: 'cancel'; readonly order: number }
  | { readonly act: 'approve'; readonly order: number }
  | { readonly act: 'expire'; readonly order: number }
  | { readonly act: 'order with codes'; readonly student: number; readonly class: number; readonly codes: number[] }
  | { readonly act: 'take bonus code'; readonly student: number; readonly code: number }
  | {
      readonly act: 'convert';
      readonly student: number;
      readonly conversion: number;
      readonly amountMinor: number;
      readonly twice: boolean;
    }
  | { readonly act: 'reverse'; readonly conversion: number };

const studentCount = 4;
const prices = [undefined, 500, 900, 1_700];
const amountMinor = fc.integer({ min: 1, max: 2_500 });
const student = fc.nat({ max: studentCount - 1 });
const order = fc.nat({ max: 30 });
const conversion = fc.nat({ max: 6 });

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ act: fc.constant('order' as const), student, class: fc.nat({ max: 3 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({ act: fc.constant('pay order' as const), order, amountMinor, twice: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ act: fc.constant('pay person' as const), student, amountMinor, stripe: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('pay nobody' as const), amountMinor }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('cancel' as const), order }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('approve' as const), order }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('expire' as const), order }) },
    {
      weight: 5,
      arbitrary: fc.record({
        act: fc.constant('order with codes' as const),
        student,
        class: fc.nat({ max: 3 }),
        codes: fc.uniqueArray(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ act: fc.constant('take bonus code' as const), student, code: fc.nat({ max: 1 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        act: fc.constant('convert' as const),
        student,
        conversion,
        amountMinor,
        twice: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('reverse' as const), conversion }) },
  ),
  { minLength: 10, maxLength: 40 },
);

describe('any history of orders, payments, cancels, approvals, expiries, promo codes and conversions', () => {
  let stack: Stack;
  let campus: Campus;
  let classes: string[];
  let offerId: string;

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2, settings: { SWEEP_SECONDS: '1' } });
    campus = await Campus.on(stack);
    classes = await Promise.all(
      prices.map((priceMinor, index) =>
        campus.class({ ...(priceMinor ? { priceMinor } : {}), capacity: 6, approvalRequired: index === 3 }),
      ),
    );
    offerId = await campus.offer();
  });
  afterAll(() => stack.stop());

  /** What one history happens to: persons, codes that they use up, what they have ordered and done elsewhere. */
  const newWorld = async () => {
    const combinable = { kind: 'discount', currency: 'EUR', stacking: 'combinable' };
    const discounts = [
      campus.code({ ...combinable, percent_bp: 3_333, max_uses: 3 }),
      campus.code({ ...combinable, amount_minor: 600, max_uses_per_person: 1 }),
      campus.code({ ...combinable, percent_bp: 10_000, cap_minor: 400, budget_minor: 900, precedence: 5 }),
    ];
    const bonuses = [
      campus.code({ kind: 'bonus', percent_bp: 2_500, max_uses: 3 }),
      campus.code({ kind: 'bonus', amount_minor: 300, currency: 'EUR', max_uses_per_person: 1, counts_on: 'apply' }),
    ];
    const codeOf = async (codes: ReturnType<Campus['code']>[]) => (await Promise.all(codes)).map(({ code }) => code);
    return {
      students: await Promise.all(Array.from({ length: studentCount }, (_, turn) => campus.student(turn % 2))),
      discounts: await codeOf(discounts),
      bonuses: await codeOf(bonuses),
      orders: [] as string[],
      name: randomUUID(),
      startedAt: new Date(),
    };
  };
  type World = Awaited<ReturnType<typeof newWorld>>;

  /** Takes steps as fast as it can, several under way at a time, and waits until all is quiet. */
  const live = async (history: readonly Step[]) => {
    const world = await newWorld();
    const underWay: Promise<unknown>[] = [];
    for (const [index, step] of history.entries()) {
      underWay.push(take(step, world, index % 2));
      if (index % 4 === 3) await Promise.all(underWay.splice(0));
    }
    await Promise.all(underWay);
    await quiet(stack);
  };

  const take = async (step: Step, world: World, instance: number) => {
    const { students, orders, startedAt } = world;
    const conversionId = 'conversion' in step ? `${world.name}-${step.conversion}` : '';
    const named = 'order' in step ? orders[step.order % Math.max(1, orders.length)] : undefined;
    const pay = (notification: Notification) => campus.deliver(notification, instance);
    switch (step.act) {
      case 'order': {
        const { api, personId } = students[step.student] as Student;
        const { status, body } = await api.post('/orders', { person_id: personId, class_id: classes[step.class] });
        if (status === 201) orders.push(body.order_id);
        else expect(['CLASS_FULL', 'ORDER_ALREADY_OPEN']).toContain(body.code);
        return;
      }
      case 'order with codes': {
        const codes = step.codes.map((code) => world.discounts[code] as string);
        const taker = students[step.student] as Student;
        const { status, body } = await campus.orderWith(taker, classes[step.class] as string, ...codes);
        if (status === 201) orders.push(body.order_id);
        else expect(body.code).toMatch(/^(PROMO_CODE_.*|CLASS_FULL|ORDER_ALREADY_OPEN|NOTHING_TO_DISCOUNT)$/);
        return;
      }
      case 'take bonus code': {
        const { status, body } = await campus.apply(
          students[step.student] as Student,
          world.bonuses[step.code] as string,
        );
        if (status !== 200) expect(body.code).toMatch(/^PROMO_CODE_/);
        return;
      }
      case 'convert': {
        const { personId } = students[step.student] as Student;
        const told = { conversionId, personId, offerId, payoutMinor: step.amountMinor, occurredAt: startedAt };
        const answers = await Promise.all(
          [0, 1].slice(0, step.twice ? 2 : 1).map((turn) => campus.convert(told, (instance + turn) % 2)),
        );
        for (const { status, body } of answers) if (status !== 200) expect(body.code).toBe('CONVERSION_REUSED');
        return;
      }
      case 'reverse': {
        const { status } = await campus.reverse(conversionId);
        expect([200, 404, 409]).toContain(status);
        return;
      }
      case 'pay order': {
        const notification = campus.notification({
          amountMinor: step.amountMinor,
          currency: 'EUR',
          ...(named ? { orderId: named } : {}),
        });
        await Promise.all([pay(notification), ...(step.twice ? [pay(notification)] : [])]);
        return;
      }
      case 'pay person': {
        const { personId } = students[step.student] as Student;
        const facts = { amountMinor: step.amountMinor, currency: 'EUR', personId };
        await pay(campus.notification(facts, step.stripe ? 'stripe' : 'standard'));
        return;
      }
      case 'pay nobody':
        await pay(campus.notification({ amountMinor: step.amountMinor, currency: 'EUR' }));
        return;
      case 'cancel':
        if (named) await campus.admin.post(`/orders/${named}/cancel`);
        return;
      case 'approve':
        if (named) await campus.admin.post(`/admin/orders/${named}/approve`);
        return;
      case 'expire':
        // Its time is over; the sweep finds it, as it does when Redis has lost the job.
        if (named) {
          await rows(
            stack,
            'subscriptions',
            `update orders set expires_at = now() where id = '${named}' and state = 'opened'`,
          );
        }
        return;
    }
  };

  it('ends with every invariant proved', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        await live(history);
        await proveInvariants(campus);
      }),
      { numRuns: 8, endOnFailure: true },
    );
    await replayChangesNothing(campus);
    await proveInvariants(campus);
  }, 240_000);
});
