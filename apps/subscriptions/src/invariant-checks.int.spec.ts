import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#kernel/ids.js';
import type { Reply } from '#messaging/envelope.js';
import { command } from '../../../test/support/messages/messages.js';
import { answerOf } from '../../../test/support/messages/replies.js';
import { funding, SubscriptionsHarness, violations } from '../test/harness.js';
import type { ClassView } from './classes/class-view.js';
import { DecideLatePayments } from './orders/late-payments/decide-late-payments.js';
import { ApproveOrder } from './orders/lifecycle/approve-order.js';
import { CancelOrder } from './orders/lifecycle/cancel-order.js';
import { ConfirmOrder } from './orders/lifecycle/confirm-order.js';
import { ExpireOrder } from './orders/lifecycle/expire-order.js';
import { OpenOrder } from './orders/opening/open-order.js';
import type { OrderView } from './orders/order-view.js';
import type { RuleView } from './rules/rule-view.js';

describe('the invariant checks', () => {
  let harness: SubscriptionsHarness;
  let order: OrderView;

  beforeAll(async () => {
    harness = await SubscriptionsHarness.open();
    // Without the constraints the tests can create the violations that the checks must find.
    await harness.query(
      'alter table orders drop constraint orders_state_and_instants, drop constraint orders_money_and_window',
    );
    await harness.query('alter table orders drop constraint orders_period');
    await harness.query(
      'alter table subscriptions drop constraint subscriptions_state, drop constraint subscriptions_next',
    );
    await harness.query('alter table classes drop constraint classes_dates, drop constraint classes_seats');
    await harness.query('alter table enrolments drop constraint enrolments_pkey');
    await harness.query('drop index orders_open');
    const rule = await harness.singlePaymentRule();
    const { class_id } = await harness.class(rule, { capacity: 2 });
    const persons = await harness.persons(2);
    order = await harness.open(persons[0]!, class_id);
    await harness.get(ConfirmOrder).execute([funding(order, await harness.open(persons[1]!, class_id))]);
    expect(await violations(harness)).toEqual([]);
  });
  beforeEach(async () => {
    await harness.query('drop table if exists orders_kept, enrolments_kept, classes_kept, subscriptions_kept');
    for (const table of ['orders', 'enrolments', 'subscriptions', 'classes']) {
      await harness.query(`create table ${table}_kept as table ${table}`);
    }
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  async function restore(): Promise<void> {
    for (const table of ['orders', 'enrolments', 'subscriptions']) {
      await harness.query(`truncate ${table}`);
      await harness.query(`insert into ${table} table ${table}_kept`);
    }
    await harness.query(
      `update classes set seats_taken = kept.seats_taken, capacity = kept.capacity from classes_kept kept where kept.id = classes.id`,
    );
    expect(await violations(harness)).toEqual([]);
  }

  it.each<[string, string, RegExp]>([
    ['a state without its instants', `update orders set closed_at = null where id = $1`, /instants of another state/],
    ['money without a reservation', `update orders set transfer_id = null where id = $1`, /has the reservation none/],
    [
      'one reservation for two orders',
      `update orders set transfer_id = (select transfer_id from orders where id = $1)`,
      /confirmed 2 orders/,
    ],
    ['a closed order without its enrolment', `delete from enrolments where order_id = $1`, /its enrolment is missing/],
    [
      'a second enrolment',
      `insert into enrolments select * from enrolments where order_id = $1`,
      /differs, or exists twice/,
    ],
    [
      'an enrolment of somebody else',
      `update enrolments set person_id = gen_random_uuid() where order_id = $1`,
      /differs/,
    ],
    [
      'an enrolment of no order',
      `update enrolments set order_id = gen_random_uuid() where order_id = $1`,
      /does not exist/,
    ],
    [
      'a seat that nobody holds',
      `update classes set seats_taken = 1 where id = (select class_id from orders where id = $1)`,
      /counts 1 seats; orders and subscriptions hold 2/,
    ],
    [
      'a class over its capacity',
      `update classes set capacity = 1 where id = (select class_id from orders where id = $1)`,
      /has 1 seats; orders and subscriptions hold 2/,
    ],
    [
      'two open orders of a person and class',
      `update orders set state = 'opened', person_id = (select person_id from orders where id = $1)`,
      /has 2 open orders/,
    ],
    [
      'a person who is in a class twice on the same day',
      `update enrolments set person_id = (select person_id from orders where id = $1)`,
      /on the same days by the orders/,
    ],
    [
      'an order that replaces another without a late payment',
      `update orders set replaces_order_id = (select id from orders where id <> $1 limit 1) where id = $1`,
      /replaces order .*, which is closed/,
    ],
    [
      'a closed first order without its subscription',
      `delete from subscriptions where id = $1`,
      /is closed, and its subscription is missing/,
    ],
    [
      'a subscription of somebody else',
      `update subscriptions set person_id = gen_random_uuid() where id = $1`,
      /its subscription differs/,
    ],
    [
      'a subscription of no order',
      `update subscriptions set id = gen_random_uuid() where id = $1`,
      /has no closed first order/,
    ],
    ['a period without its order', `update subscriptions set next_period = 2 where id = $1`, /its next period is 2/],
    [
      'a gap between periods',
      `update orders set subscription_id = $1, period = 2 where id <> $1`,
      /has orders of 1 later periods up to 2/,
    ],
    [
      'paid periods that overlap',
      `update orders set subscription_id = $1, period = 1 where id <> $1`,
      /period 1 of subscription .* the period before it ends on no day/,
    ],
    [
      'a suspended subscription with nothing to pay',
      `update subscriptions set state = 'suspended' where id = $1`,
      /is suspended with 0 open orders/,
    ],
    [
      'an open order of an ended subscription',
      `with ended as (update subscriptions set state = 'ended' where id = $1)
       update orders set state = 'opened', subscription_id = $1, period = 1 where id <> $1`,
      /is ended with 1 open orders/,
    ],
    ['a person who is not there', `update orders set person_id = gen_random_uuid() where id = $1`, /names the person/],
  ])('find %s', async (_, corrupt, says) => {
    await harness.query(corrupt, [order.order_id]);
    expect((await violations(harness)).join('\n')).toMatch(says);
    await restore();
  });
});

type Change =
  | { readonly kind: 'open'; readonly person: number; readonly of: number }
  | { readonly kind: 'pay' | 'approve' | 'cancel' | 'expire' | 'pay late'; readonly order: number }
  | { readonly kind: 'wait'; readonly hours: number };

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('open' as const), person: fc.nat(3), of: fc.nat(3) }),
  fc.record({ kind: fc.constantFrom('pay' as const, 'approve', 'cancel', 'expire', 'pay late'), order: fc.nat(20) }),
  fc.record({ kind: fc.constant('wait' as const), hours: fc.nat(2) }),
);

describe('any concurrent sequence of commands over two instances', () => {
  let harness: SubscriptionsHarness;
  let other: SubscriptionsHarness;
  let persons: string[];
  let priced: RuleView;
  let free: RuleView;

  beforeAll(async () => {
    harness = await SubscriptionsHarness.open();
    other = await SubscriptionsHarness.open(harness);
    persons = await harness.persons(4);
    priced = await harness.singlePaymentRule();
    free = await harness.freeRule();
  });
  afterAll(async () => {
    await other[Symbol.asyncDispose]();
    await harness[Symbol.asyncDispose]();
  });

  /** Priced, priced with approval, free, and free for any number of times; each with few seats. */
  async function newClasses(): Promise<ClassView[]> {
    const terms = { payment_window_hours: 2 };
    return [
      await harness.class(priced, { ...terms, capacity: 2 }),
      await harness.class(priced, { ...terms, capacity: 1, approval_required: true }),
      await harness.class(free, { parameters: {}, capacity: 3 }),
      await harness.class(free, { parameters: {}, capacity: 3, repeat_enrolment: 'allowed' }),
    ];
  }

  /** A payment that names the order but funds nothing; answers the order that replaces it, if one does. */
  async function payLate(instance: SubscriptionsHarness, order: OrderView): Promise<Reply<OrderView>[]> {
    const { order_id: orderId, person_id: personId, amount_minor: amountMinor, currency } = order;
    const receivedAt = harness.clock.now();
    const named = { paymentId: newId(), orderId, personId, amountMinor, currency };
    const payment = { ...named, availableMinor: amountMinor, receivedAt, creditedAt: receivedAt };
    if (await instance.get(ConfirmOrder).execute([{ ...funding(), payment }])) {
      await instance.get(DecideLatePayments).execute();
    }
    const replacing = await harness.query<{ id: string }>(
      `select replacement_order_id as id from late_payments where payment_id = $1 and outcome = 'reopened'`,
      [named.paymentId],
    );
    return Promise.all(replacing.map(async ({ id }) => ({ answer: await harness.order(id) })));
  }

  it('violates no invariant, and publishes each change of an order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { maxLength: 6 }), async (rounds) => {
        const classes = await newClasses();
        const orders: OrderView[] = [];
        const note = (replies: Reply<OrderView>[]) => {
          for (const reply of replies) if ('answer' in reply) orders.push(answerOf(reply));
        };
        const happen = async (what: Change, instance: SubscriptionsHarness): Promise<void> => {
          if (what.kind === 'wait') return harness.clock.moveBy({ hours: what.hours });
          if (what.kind === 'open') {
            const request = { person_id: persons[what.person]!, class_id: classes[what.of]!.class_id };
            return note(await instance.get(OpenOrder).execute([command(request)]));
          }
          const order = orders[what.order % Math.max(1, orders.length)];
          if (!order) return;
          const { order_id } = order;
          if (what.kind === 'pay' && order.amount_minor > 0) await instance.get(ConfirmOrder).execute([funding(order)]);
          if (what.kind === 'approve') await instance.get(ApproveOrder).execute([command({ order_id })]);
          if (what.kind === 'cancel')
            await instance.get(CancelOrder).execute([command({ order_id, visible_to: null })]);
          if (what.kind === 'pay late') return note(await payLate(instance, order));
          if (what.kind === 'expire') await instance.get(ExpireOrder).execute([order_id]);
        };
        for (const round of rounds) {
          await Promise.all(round.map((what, index) => happen(what, index % 2 ? harness : other)));
        }
        expect(await violations(harness)).toEqual([]);
        for (const { order_id } of orders) {
          const { state, amount_minor, class_id, confirmed_at } = await harness.order(order_id);
          const wantsApproval = classes.some((one) => one.class_id === class_id && one.approval_required);
          const published = (await harness.published(order_id)).map(({ type }) => type.split('.')[1]);
          const way = {
            opened: [],
            confirmed: [],
            closed: ['order-closed'],
            cancelled: ['order-cancelled'],
            expired: ['order-expired'],
          };
          const expected = [
            ...(amount_minor > 0 ? ['order-opened'] : []),
            ...(wantsApproval && confirmed_at ? ['order-confirmed'] : []),
            ...way[state],
          ];
          const others = ['order-released', 'late-payment-decided'];
          expect(published.filter((type) => !others.includes(type ?? ''))).toEqual(expected);
        }
      }),
      { numRuns: 25 },
    );
  });
});
