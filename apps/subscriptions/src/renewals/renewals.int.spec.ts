import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { refusalOf } from '../../../../test/support/messages/replies.js';
import { type SubscriptionsHarness, withTwo } from '../../test/harness.js';
import { ChangeClass } from '../classes/change-class.js';
import { CancelOrder } from '../orders/lifecycle/cancel-order.js';
import { RevokeOrder } from '../orders/lifecycle/revoke-order.js';
import { OpenOrder } from '../orders/opening/open-order.js';
import type { OrderView } from '../orders/order-view.js';
import type { RuleView } from '../rules/rule-view.js';
import { StoreAdvances } from './steps/store-advances.js';
import { SweepSubscriptionsJob } from './sweep-subscriptions.job.js';

describe('the periods of a subscription', () => {
  let harness: SubscriptionsHarness;
  let other: SubscriptionsHarness;
  let rule: RuleView;

  withTwo(async (one, two) => {
    harness = one;
    other = two;
    rule = await harness.recurringRule();
  });
  // Nine in the morning in Berlin, on the last day of a month.
  beforeEach(() => harness.clock.moveTo('2027-01-31T08:00:00Z'));

  const sweep = (instance = harness) => instance.get(SweepSubscriptionsJob).sweep();

  /** A monthly subscription whose first period is paid. */
  async function subscribed(parameters: object = {}, terms: object = {}): Promise<OrderView> {
    const monthly = { price: 1_000, unit: 'month', lead_days: 7, grace_days: 3, ...parameters };
    const { class_id } = await harness.class(rule, { ...terms, parameters: monthly });
    return harness.pay(await harness.open(await harness.person(`member-${newId()}`), class_id));
  }
  const daysOf = (orders: OrderView[]) => orders.map(({ start_date, end_date }) => `${start_date}..${end_date}`);
  async function rowOf({ order_id }: OrderView) {
    const [row] = await harness.query<Record<string, unknown>>('select * from subscriptions where id = $1', [order_id]);
    return row;
  }

  it('open ahead of their due day, at the beginning of a day in the zone of the class', async () => {
    const first = await subscribed();
    expect(await rowOf(first)).toMatchObject({ state: 'active', next_period: 1 });
    harness.clock.moveTo('2027-02-20T22:59:59.999Z');
    await sweep();
    expect(await harness.periodsOf(first)).toHaveLength(1);
    harness.clock.moveTo('2027-02-20T23:00:00Z');
    await sweep();
    const [, second] = await harness.periodsOf(first);
    expect(second).toMatchObject({
      ...{ state: 'opened', amount_minor: 1_000, subscription_id: first.order_id, period: 1 },
      ...{ start_date: '2027-02-28', end_date: '2027-03-30', due_date: '2027-02-28', approval_required: false },
    });
    expect(await harness.published(second!.order_id)).toMatchObject([
      { type: 'subscriptions.order-opened.v1', data: { subscription_id: first.order_id, period: 1 } },
    ]);
  });

  it('come from the anchor: the last day of January, of February, and the last day of March again', async () => {
    const first = await subscribed();
    for (const day of ['2027-02-25', '2027-03-28', '2027-04-28']) {
      harness.clock.moveTo(`${day}T12:00:00Z`);
      await sweep();
      await harness.pay((await harness.periodsOf(first)).at(-1)!);
    }
    const days = [
      '2027-01-31..2027-02-27',
      '2027-02-28..2027-03-30',
      '2027-03-31..2027-04-29',
      '2027-04-30..2027-05-30',
    ];
    expect(daysOf(await harness.periodsOf(first))).toEqual(days);
    expect(await harness.eventsOf(first)).toEqual([
      ...['order-opened', 'order-closed'],
      ...['subscription-renewed', 'subscription-renewed', 'subscription-renewed'],
    ]);
  });

  it('have one order each when several instances sweep at once, and when money comes twice', async () => {
    const first = await subscribed({}, { capacity: 1 });
    harness.clock.moveTo('2027-02-25T12:00:00Z');
    await Promise.all([sweep(), sweep(other), sweep(), sweep(other)]);
    const [, second] = await harness.periodsOf(first);
    await Promise.all([harness.pay(second!), other.pay(second!)]);
    await Promise.all([sweep(), sweep(other)]);
    expect((await harness.periodsOf(first)).map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(await harness.enrolments(second!.order_id)).toBe(1);
    // The class is full, and the renewal keeps its seat.
    expect(await harness.seatsTaken(first.class_id)).toBe(1);
  });

  it('have one order each when the process dies before the commit', async () => {
    const first = await subscribed();
    harness.clock.moveTo('2027-02-25T12:00:00Z');
    const store = harness.get(StoreAdvances);
    const apply = store.apply.bind(store);
    const dying = jest.spyOn(store, 'apply').mockImplementationOnce(async (...given) => {
      await apply(...given);
      throw new Error('the process dies');
    });
    await expect(sweep()).rejects.toThrow('the process dies');
    dying.mockRestore();
    expect(await harness.periodsOf(first)).toHaveLength(1);
    await sweep(other);
    expect(await harness.periodsOf(first)).toHaveLength(2);
  });

  it('open all of them, in order, after an outage; nobody is suspended for what they could not pay', async () => {
    const first = await subscribed();
    harness.clock.moveTo('2027-05-15T12:00:00Z');
    await sweep();
    const [, ...later] = await harness.periodsOf(first);
    const days = ['2027-02-28..2027-03-30', '2027-03-31..2027-04-29', '2027-04-30..2027-05-30'];
    expect(daysOf(later)).toEqual(days);
    expect(later.map(({ due_date }) => due_date)).toEqual(['2027-05-15', '2027-05-15', '2027-05-15']);
    expect(await rowOf(first)).toMatchObject({ state: 'active', next_period: 4 });
    const opened = await harness.query<{ subject: string }>(
      `select subject from outbox where type like '%order-opened%' and subject = any ($1) order by id`,
      [later.map(({ order_id }) => order_id)],
    );
    expect(opened.map(({ subject }) => subject)).toEqual(later.map(({ order_id }) => order_id));
  });

  it('cost what the pinned version of the rule says, also when the class costs more meanwhile', async () => {
    const first = await subscribed();
    const [reply] = await harness
      .get(ChangeClass)
      .execute([command({ class_id: first.class_id, parameters: { price: 9_900, unit: 'month' } })]);
    expect(reply).toMatchObject({ answer: { parameters: { price: 9_900 } } });
    harness.clock.moveTo('2027-02-25T12:00:00Z');
    await sweep();
    expect((await harness.periodsOf(first))[1]).toMatchObject({
      amount_minor: 1_000,
      parameters: first.parameters,
      rule_version: first.rule_version,
    });
  });

  it('start with a free trial, which needs no money', async () => {
    const monthly = { price: 1_000, unit: 'month', trial_days: 14, lead_days: 3 };
    const { class_id } = await harness.class(rule, { parameters: monthly });
    const trial = await harness.open(await harness.person('trial'), class_id);
    expect(trial).toMatchObject({ state: 'closed', amount_minor: 0, end_date: '2027-02-13' });
    harness.clock.moveTo('2027-02-11T00:00:00Z');
    await sweep();
    const [, paid] = await harness.periodsOf(trial);
    expect(paid).toMatchObject({ state: 'opened', amount_minor: 1_000, start_date: '2027-02-14' });
  });

  it('close at once when they are free', async () => {
    const { class_id } = await harness.class(rule, { parameters: { price: 0, unit: 'week', lead_days: 0 } });
    const first = await harness.open(await harness.person('guest'), class_id);
    harness.clock.moveTo('2027-02-15T12:00:00Z');
    await sweep();
    const periods = await harness.periodsOf(first);
    expect(periods.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
    expect(await rowOf(first)).toMatchObject({ state: 'active', next_period: 3 });
  });

  it('end with the last one: the person leaves after its last day, and the seat is free', async () => {
    const first = await subscribed({ periods: 2 }, { capacity: 1 });
    harness.clock.moveTo('2027-02-25T12:00:00Z');
    await sweep();
    await harness.pay((await harness.periodsOf(first))[1]!);
    expect(await rowOf(first)).toMatchObject({ state: 'active', next_period: null });
    harness.clock.moveTo('2027-03-30T21:59:59Z');
    await sweep();
    expect(await rowOf(first)).toMatchObject({ state: 'active' });
    harness.clock.moveTo('2027-03-30T22:00:00Z');
    await sweep();
    expect(await rowOf(first)).toMatchObject({ state: 'ended', end_reason: 'completed', due_at: null });
    expect(await harness.seatsTaken(first.class_id)).toBe(0);
    expect(await harness.periodsOf(first)).toHaveLength(2);
  });

  it('end with the class, also when the class ends earlier than it said', async () => {
    const first = await subscribed();
    await harness.get(ChangeClass).execute([command({ class_id: first.class_id, end_date: '2027-02-20' })]);
    harness.clock.moveTo('2027-03-05T12:00:00Z');
    await sweep();
    expect(await harness.periodsOf(first)).toHaveLength(1);
    expect(await rowOf(first)).toMatchObject({ state: 'ended', end_reason: 'completed' });
  });

  it('are no reason to order the class again', async () => {
    const first = await subscribed();
    harness.clock.moveTo('2027-03-10T12:00:00Z');
    const again = command({ person_id: first.person_id, class_id: first.class_id });
    expect((await harness.get(OpenOrder).execute([again])).map(refusalOf)).toEqual(['ALREADY_ENROLLED']);
  });

  it('are not cancelled like first orders; money that went back ends them with the paid days', async () => {
    const first = await subscribed();
    harness.clock.moveTo('2027-02-25T12:00:00Z');
    await sweep();
    const [, second] = await harness.periodsOf(first);
    const { order_id } = second!;
    const [refused] = await harness.get(CancelOrder).execute([command({ order_id, visible_to: null })]);
    expect(refusalOf(refused)).toBe('ORDER_NOT_CANCELLABLE');
    const revocation = { id: first.class_id, correlationId: order_id, traceparent: undefined, orderIds: [order_id] };
    await harness.get(RevokeOrder).execute([{ ...revocation, reason: 'Its payment was refunded.' }]);
    expect(await rowOf(first)).toMatchObject({ state: 'active', next_period: null, end_reason: 'revoked' });
    harness.clock.moveTo('2027-02-28T00:00:00Z');
    await sweep();
    expect(await rowOf(first)).toMatchObject({ state: 'ended', end_reason: 'revoked' });
    expect(await harness.seatsTaken(first.class_id)).toBe(0);
  });

  it('are none of a single payment, which ends with its last day', async () => {
    const first = await harness.pay(await harness.opened({ end_date: '2027-02-10', capacity: 5 }));
    harness.clock.moveTo('2027-02-10T22:59:59Z');
    await sweep();
    expect(await rowOf(first)).toMatchObject({ state: 'active', next_period: null });
    harness.clock.moveTo('2027-02-10T23:00:00Z');
    await sweep();
    expect(await rowOf(first)).toMatchObject({ state: 'ended', end_reason: 'completed' });
    expect(await harness.seatsTaken(first.class_id)).toBe(0);
  });
});
