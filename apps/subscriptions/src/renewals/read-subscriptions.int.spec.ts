import { beforeAll, describe, expect, it } from '@jest/globals';
import { listSubscriptions } from '#contracts/subscriptions/subscriptions.js';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { type SubscriptionsHarness, withTwo } from '../../test/harness.js';
import type { OrderView } from '../orders/order-view.js';
import { OrdersConsumer } from '../orders/orders.consumer.js';
import { ReadSubscriptions } from './read-subscriptions.js';
import { SubscriptionsConsumer } from './subscriptions.consumer.js';
import { SweepSubscriptionsJob } from './sweep-subscriptions.job.js';

describe('reading subscriptions', () => {
  let harness: SubscriptionsHarness;
  let monthly: OrderView;
  let single: OrderView;
  let ended: OrderView;

  withTwo((one) => {
    harness = one;
  });
  beforeAll(async () => {
    harness.clock.moveTo('2027-01-31T08:00:00Z');
    const dunning = [
      { after_days: 1, step: 'remind' },
      { after_days: 3, step: 'suspend' },
      { after_days: 9, step: 'end' },
    ];
    const parameters = { price: 1_000, unit: 'month', lead_days: 7, grace_days: 3, dunning };
    const rule = await harness.recurringRule();
    const { class_id } = await harness.class(rule, { title: 'Tabla', parameters });
    monthly = await harness.pay(await harness.open(await harness.person('asha'), class_id));
    single = await harness.pay(await harness.opened());
    ended = await harness.pay(await harness.opened({ end_date: '2027-02-01' }));
    harness.clock.moveTo('2027-02-25T12:00:00Z');
    await harness.get(SweepSubscriptionsJob).sweep();
  });

  const list = async (given: object) => {
    const request = listSubscriptions.request.parse({ visible_to: null, limit: 10, ...given });
    return harness.get(ReadSubscriptions).list(request);
  };
  const idsOf = async (given: object) => (await list(given)).items.map(({ subscription_id }) => subscription_id);
  const one = (subscription_id: string, visible_to: string | null = null) =>
    harness.get(ReadSubscriptions).one({ subscription_id, visible_to });

  it('shows the periods, what follows without money, and what it waits for now', async () => {
    const shown = await one(monthly.order_id, monthly.person_id);
    expect(shown).toMatchObject({
      ...{ class_title: 'Tabla', state: 'active', anchor: '2027-01-31', time_zone: 'Europe/Berlin' },
      ...{ paid_through: '2027-02-27', next_period: 2, waits_for: 'payment' },
      wait_explanation:
        'It waits for a payment of 10.00 EUR for its period 1, due on 2027-02-28. It is suspended at ' +
        '2027-03-02T23:00:00Z without it. It ends at 2027-03-08T23:00:00Z without it.',
      periods: [
        { period: 0, order_id: monthly.order_id, state: 'closed', start_date: '2027-01-31', dunning: [] },
        {
          ...{ period: 1, state: 'opened', start_date: '2027-02-28', end_date: '2027-03-30', due_date: '2027-02-28' },
          dunning: [
            { step: 'remind', at: '2027-02-28T23:00:00Z' },
            { step: 'suspend', at: '2027-03-02T23:00:00Z' },
            { step: 'end', at: '2027-03-08T23:00:00Z' },
          ],
        },
      ],
    });
    expect(shown.person_name).toBeUndefined();
    expect(shown.periods[1]?.explanation).toMatch(/It costs 10\.00 EUR each month/);
  });

  it('explains the same to programs, without names', async () => {
    const [reply] = await harness
      .get(SubscriptionsConsumer)
      .explainSubscription([command({ subscription_id: monthly.order_id, visible_to: monthly.person_id })]);
    const { periods, ...explained } = answerOf(reply);
    const whole = await one(monthly.order_id);
    expect(periods).toEqual(whole.periods);
    expect(explained).toMatchObject({ anchor: '2027-01-31', wait_explanation: whole.wait_explanation });
    expect(periods[1]?.trace[1]).toMatchObject({ step: 'period', anchor: '2027-01-31', zone: 'Europe/Berlin' });
    const [order] = await harness
      .get(OrdersConsumer)
      .explainOrder([command({ order_id: monthly.order_id, visible_to: null })]);
    expect(answerOf(order)).toMatchObject({
      amount_minor: 1_000,
      explanation: monthly.explanation,
      waits_for: 'settlement',
    });
    const [stranger] = await harness
      .get(OrdersConsumer)
      .explainOrder([command({ order_id: monthly.order_id, visible_to: single.person_id })]);
    expect(refusalOf(stranger)).toBe('ORDER_NOT_FOUND');
  });

  it('says of one without a next period that it ends with its last day, or waits for nothing', async () => {
    expect(await one(single.order_id)).toMatchObject({ state: 'active', next_at: null, waits_for: null });
    expect(await one(ended.order_id)).toMatchObject({ state: 'ended', end_reason: 'completed', waits_for: null });
  });

  it('selects by state, person, class and by what happens before an instant', async () => {
    expect(await idsOf({ state: 'ended' })).toEqual([ended.order_id]);
    expect(await idsOf({ person_id: monthly.person_id })).toEqual([monthly.order_id]);
    expect(await idsOf({ class_id: single.class_id })).toEqual([single.order_id]);
    expect(await idsOf({ sort: 'due', due_before: '2027-02-28T23:00:00Z' })).toEqual([]);
    expect(await idsOf({ sort: 'due', due_before: '2027-03-01T00:00:00Z' })).toEqual([monthly.order_id]);
    expect(await idsOf({})).toEqual([ended.order_id, single.order_id, monthly.order_id]);
    expect((await list({})).items[2]?.person_name).toBe('asha-0');
  });

  it('goes on after a cursor, in each order', async () => {
    const first = await list({ limit: 1 });
    const rest = await list({ limit: 1, after: first.next_cursor });
    expect([first, rest].map(({ items }) => items[0]?.subscription_id)).toEqual([ended.order_id, single.order_id]);
    const due = await list({ sort: 'due', limit: 1 });
    expect(due).toMatchObject({ items: [{ subscription_id: monthly.order_id }], next_cursor: null });
    const wrong = listSubscriptions.request.safeParse({ visible_to: null, sort: 'due', after: first.next_cursor });
    expect(wrong.success).toBe(false);
    expect(listSubscriptions.request.safeParse({ visible_to: null, due_before: '2027-02-28T23:00:00Z' }).success).toBe(
      false,
    );
  });

  it('shows nobody what is another person’s', async () => {
    await expect(one(monthly.order_id, single.person_id)).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
    await expect(one(newId())).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
    expect(await idsOf({ visible_to: single.person_id })).toEqual([single.order_id]);
    expect(await idsOf({ visible_to: single.person_id, person_id: monthly.person_id })).toEqual([]);
  });
});
