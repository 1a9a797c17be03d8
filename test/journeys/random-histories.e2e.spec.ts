import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Notification, PaymentDetails } from '../support/messages/provider-notifications.js';
import { proveInvariants, quiet, replayChangesNothing, rows } from '../support/stack/invariants.js';
import { Scenario, type Student } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

type Paying =
  | { readonly act: 'pay order'; readonly order: number; readonly amountMinor: number; readonly twice: boolean }
  | { readonly act: 'pay person'; readonly student: number; readonly amountMinor: number; readonly stripe: boolean }
  | { readonly act: 'pay nobody'; readonly amountMinor: number };

/** A refund or dispute: of money that was paid for an order, or of any payment, also of one that is still to come. */
interface Refunding {
  readonly act: 'refund';
  readonly payment: number;
  readonly ofAny: boolean;
  readonly kind: 'refund' | 'dispute';
  /** It is one of so many equal parts; each payment has one return of a kind and size. */
  readonly parts: number;
  readonly states: readonly ('applied' | 'reinstated')[];
  readonly twice: boolean;
}

type Step =
  | Paying
  | Refunding
  | { readonly act: 'order'; readonly student: number; readonly class: number }
  /** Nothing more happens until all that was done has had its effect. */
  | { readonly act: 'rest' }
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
/** Any, and what covers an order: little stays on the accounts, so that some returns take what is not there. */
const amountMinor = fc.oneof(fc.integer({ min: 1, max: 900 }), fc.constantFrom(500, 900, 1_700));
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
    {
      weight: 4,
      arbitrary: fc.record({
        act: fc.constant('refund' as const),
        payment: fc.nat({ max: 9 }),
        ofAny: fc.boolean(),
        kind: fc.constantFrom('refund' as const, 'dispute' as const),
        parts: fc.constantFrom(1, 1, 2, 3),
        states: fc.constantFrom(
          ['applied'] as const,
          ['applied'] as const,
          ['applied', 'reinstated'] as const,
          ['reinstated'] as const,
        ),
        twice: fc.boolean(),
      }),
    },
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
  { minLength: 12, maxLength: 40 },
);

/** Each buys a class, and has paid for it; some of it goes back, and comes again. Random ones seldom do all of this. */
const moneyGoesBack: Step[] = [
  ...[1, 2, 3, 3].map((index, turn): Step => ({ act: 'order', student: turn, class: index })),
  ...[0, 1, 2, 3].map(
    (index): Step => ({ act: 'pay order', order: index, amountMinor: 1_700, twice: index % 2 === 0 }),
  ),
  { act: 'rest' },
  ...[1, 2, 3].map((amountMinor): Step => ({ act: 'pay nobody', amountMinor })),
  { act: 'refund', payment: 0, ofAny: true, kind: 'refund', parts: 1, states: ['applied'], twice: true },
  {
    act: 'refund',
    payment: 1,
    ofAny: true,
    kind: 'dispute',
    parts: 1,
    states: ['applied', 'reinstated'],
    twice: false,
  },
  { act: 'refund', payment: 2, ofAny: true, kind: 'refund', parts: 2, states: ['applied', 'reinstated'], twice: true },
  { act: 'refund', payment: 3, ofAny: true, kind: 'dispute', parts: 3, states: ['reinstated'], twice: false },
  ...[0, 1, 2, 3].map((index): Step => ({ act: 'pay person', student: index, amountMinor: 400, stripe: true })),
  { act: 'refund', payment: 3, ofAny: true, kind: 'dispute', parts: 3, states: ['applied'], twice: true },
];

interface Payment {
  readonly paymentId: string;
  readonly provider: Notification['provider'];
  readonly amountMinor: number;
}

/** What a history will pay, in its order, so that a return may come before its payment. */
function paymentsOf(history: readonly Step[]): Map<Step, Payment> {
  const paying = history.filter((step): step is Paying => step.act.startsWith('pay '));
  return new Map(
    paying.map((step) => {
      const provider = 'stripe' in step && step.stripe ? 'stripe' : 'standard';
      return [step, { paymentId: `pay_${randomUUID()}`, provider, amountMinor: step.amountMinor }];
    }),
  );
}

describe('any history of orders, payments, returns, cancels, approvals, expiries, promo codes and conversions', () => {
  let stack: Stack;
  let scenario: Scenario;
  let classes: string[];
  let offerId: string;

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2, settings: { SWEEP_SECONDS: '1' } });
    scenario = await Scenario.on(stack);
    classes = await Promise.all(
      prices.map((priceMinor, index) =>
        scenario.class({ ...(priceMinor ? { priceMinor } : {}), capacity: 6, approvalRequired: index === 3 }),
      ),
    );
    offerId = await scenario.offer();
  });
  afterAll(() => stack.stop());

  /** What one history happens to: persons, codes that they use up, what they have ordered and done elsewhere. */
  const newEnvironment = async (history: readonly Step[]) => {
    const combinable = { kind: 'discount', currency: 'EUR', stacking: 'combinable' };
    const discounts = [
      scenario.code({ ...combinable, percent_bp: 3_333, max_uses: 3 }),
      scenario.code({ ...combinable, amount_minor: 600, max_uses_per_person: 1 }),
      scenario.code({ ...combinable, percent_bp: 10_000, cap_minor: 400, budget_minor: 900, precedence: 5 }),
    ];
    const bonuses = [
      scenario.code({ kind: 'bonus', percent_bp: 2_500, max_uses: 3 }),
      scenario.code({ kind: 'bonus', amount_minor: 300, currency: 'EUR', max_uses_per_person: 1, counts_on: 'apply' }),
    ];
    const codeOf = async (codes: ReturnType<Scenario['code']>[]) => (await Promise.all(codes)).map(({ code }) => code);
    return {
      students: await Promise.all(Array.from({ length: studentCount }, (_, turn) => scenario.student(turn % 2))),
      discounts: await codeOf(discounts),
      bonuses: await codeOf(bonuses),
      orders: [] as string[],
      payments: paymentsOf(history),
      paidForOrders: [] as Payment[],
      name: randomUUID(),
      startedAt: new Date(),
    };
  };
  type Environment = Awaited<ReturnType<typeof newEnvironment>>;

  /** Takes steps as fast as it can, several under way at a time, and waits until all is quiet. */
  const live = async (history: readonly Step[]) => {
    const environment = await newEnvironment(history);
    const underWay: Promise<unknown>[] = [];
    for (const [index, step] of history.entries()) {
      underWay.push(take(step, environment, index % 2));
      if (index % 4 === 3) await Promise.all(underWay.splice(0));
    }
    await Promise.all(underWay);
    await quiet(stack);
  };

  const take = async (step: Step, environment: Environment, instance: number) => {
    const { students, orders, startedAt } = environment;
    const conversionId = 'conversion' in step ? `${environment.name}-${step.conversion}` : '';
    const named = 'order' in step ? orders[step.order % Math.max(1, orders.length)] : undefined;
    const deliver = (notification: Notification, twice = false) =>
      Promise.all([0, 1].slice(0, twice ? 2 : 1).map((turn) => scenario.deliver(notification, (instance + turn) % 2)));
    const pay = (details: Pick<PaymentDetails, 'orderId' | 'personId'>, twice?: boolean) => {
      const { provider, ...payment } = environment.payments.get(step) as Payment;
      return deliver(scenario.notification({ ...payment, ...details, currency: 'EUR' }, provider), twice);
    };
    switch (step.act) {
      case 'order': {
        const { api, personId } = students[step.student] as Student;
        const { status, body } = await api.post('/orders', { person_id: personId, class_id: classes[step.class] });
        if (status === 201) orders.push(body.order_id);
        else expect(['CLASS_FULL', 'ORDER_ALREADY_OPEN', 'ALREADY_ENROLLED']).toContain(body.code);
        return;
      }
      case 'order with codes': {
        const codes = step.codes.map((code) => environment.discounts[code] as string);
        const taker = students[step.student] as Student;
        const { status, body } = await scenario.orderWith(taker, classes[step.class] as string, ...codes);
        if (status === 201) orders.push(body.order_id);
        else
          expect(body.code).toMatch(
            /^(PROMO_CODE_.*|CLASS_FULL|ORDER_ALREADY_OPEN|ALREADY_ENROLLED|NOTHING_TO_DISCOUNT)$/,
          );
        return;
      }
      case 'take bonus code': {
        const { status, body } = await scenario.apply(
          students[step.student] as Student,
          environment.bonuses[step.code] as string,
        );
        if (status !== 200) expect(body.code).toMatch(/^PROMO_CODE_/);
        return;
      }
      case 'convert': {
        const { personId } = students[step.student] as Student;
        const conversion = { conversionId, personId, offerId, payoutMinor: step.amountMinor, occurredAt: startedAt };
        const answers = await Promise.all(
          [0, 1].slice(0, step.twice ? 2 : 1).map((turn) => scenario.convert(conversion, (instance + turn) % 2)),
        );
        for (const { status, body } of answers) if (status !== 200) expect(body.code).toBe('CONVERSION_REUSED');
        return;
      }
      case 'reverse': {
        const { status } = await scenario.reverse(conversionId, 'shop');
        expect([200, 404, 409]).toContain(status);
        return;
      }
      case 'pay order':
        await pay(named ? { orderId: named } : {}, step.twice);
        if (named) environment.paidForOrders.push(environment.payments.get(step) as Payment);
        return;
      case 'pay person':
        await pay({ personId: (students[step.student] as Student).personId });
        return;
      case 'pay nobody':
        await pay({});
        return;
      case 'refund': {
        const { paidForOrders: paid, payments } = environment;
        const pool = step.ofAny || paid.length === 0 ? [...payments.values()] : paid;
        const payment = pool[step.payment % Math.max(1, pool.length)];
        if (!payment) return;
        const { paymentId, provider } = payment;
        const { kind, parts } = step;
        const amountMinor = Math.ceil(payment.amountMinor / parts);
        const refund = { kind, refundId: `${paymentId}_${kind}_${parts}`, paymentId, amountMinor, currency: 'EUR' };
        for (const state of step.states) {
          const details = { ...refund, reinstated: state === 'reinstated' };
          await deliver(scenario.refundNotification(details, provider), step.twice);
        }
        return;
      }
      case 'rest':
        await quiet(stack);
        return;
      case 'cancel':
        if (named) await scenario.admin.post(`/orders/${named}/cancel`);
        return;
      case 'approve':
        if (named) await scenario.admin.post(`/admin/orders/${named}/approve`);
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
        await proveInvariants(scenario);
      }),
      { numRuns: 8, endOnFailure: true, examples: [[moneyGoesBack]] },
    );
    const [returns] = await rows<Record<string, number>>(
      stack,
      'payments',
      `select count(applied_at)::int as taken, count(*) filter (where owed_minor > 0)::int as owed,
         count(*) filter (where reinstated_at >= applied_at)::int as reinstated,
         (select count(*)::int from transfer where movement = 'repay-debt') as repaid
       from refund`,
    );
    for (const count of Object.values(returns ?? {})) expect(count).toBeGreaterThan(0);
    await replayChangesNothing(scenario);
    await proveInvariants(scenario);
  }, 240_000);
});
