import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { funding, type SubscriptionsHarness, withTwo } from '../../test/harness.js';
import { DecideLatePayments } from '../orders/late-payments/decide-late-payments.js';
import { ConfirmOrder } from '../orders/lifecycle/confirm-order.js';
import { ExpireOrderJob } from '../orders/lifecycle/expire-order.job.js';
import type { OrderView } from '../orders/order-view.js';
import type { RuleView } from '../rules/rule-view.js';
import { SweepSubscriptionsJob } from './sweep-subscriptions.job.js';

describe('a period that is not paid', () => {
  let harness: SubscriptionsHarness;
  let other: SubscriptionsHarness;
  let rule: RuleView;
  const dunning = [
    { after_days: 1, step: 'remind' },
    { after_days: 3, step: 'remind' },
    { after_days: 5, step: 'suspend' },
    { after_days: 20, step: 'end' },
  ];

  withTwo(async (one, two) => {
    harness = one;
    other = two;
    rule = await harness.recurringRule();
  });
  beforeEach(() => harness.clock.moveTo('2027-01-31T08:00:00Z'));

  /** All that is due on this day, in the order in which it would have happened. */
  async function reach(day: string): Promise<void> {
    harness.clock.moveTo(`${day}T12:00:00Z`);
    await Promise.all([harness, other].map((instance) => instance.get(SweepSubscriptionsJob).sweep()));
    await Promise.all([harness, other].map((instance) => instance.get(ExpireOrderJob).sweep()));
  }
  /** A subscription whose second period is open, due on February 28. */
  async function unpaid(terms: object = {}): Promise<{ first: OrderView; second: OrderView }> {
    const parameters = { price: 1_000, unit: 'month', lead_days: 7, grace_days: 5, dunning };
    const { class_id } = await harness.class(rule, { ...terms, parameters });
    const first = await harness.pay(await harness.open(await harness.person(`debtor-${newId()}`), class_id));
    await reach('2027-02-25');
    const [, second] = await harness.periodsOf(first);
    return { first, second: second! };
  }
  async function stateOf({ order_id }: OrderView) {
    const [row] = await harness.query<Record<string, unknown>>('select * from subscriptions where id = $1', [order_id]);
    return row;
  }
  const laterEvents = async (first: OrderView) => (await harness.eventsOf(first)).slice(2);

  it('is reminded of, then suspends the person, then ends the subscription, each once', async () => {
    const { first, second } = await unpaid({ capacity: 1 });
    expect(second.expires_at).toBe('2027-03-19T23:00:00Z');
    await reach('2027-02-28');
    expect(await laterEvents(first)).toEqual([]);
    await reach('2027-03-01');
    await reach('2027-03-01');
    expect(await laterEvents(first)).toEqual(['renewal-reminded']);
    await reach('2027-03-03');
    await reach('2027-03-04');
    expect(await laterEvents(first)).toEqual(['renewal-reminded', 'renewal-reminded']);
    expect(await stateOf(first)).toMatchObject({ state: 'active' });
    await reach('2027-03-05');
    expect(await stateOf(first)).toMatchObject({ state: 'suspended' });
    expect((await harness.published(first.order_id)).at(-1)).toMatchObject({
      type: 'subscriptions.subscription-suspended.v1',
      data: {
        ...{ order_id: second.order_id, period: 1, amount_minor: 1_000, due_date: '2027-02-28' },
        ...{ suspends_at: '2027-03-04T23:00:00Z', ends_at: '2027-03-19T23:00:00Z' },
      },
    });
    await reach('2027-03-20');
    expect(await stateOf(first)).toMatchObject({
      state: 'ended',
      end_reason: 'unpaid',
      next_period: null,
      due_at: null,
    });
    expect((await harness.order(second.order_id)).state).toBe('expired');
    expect((await laterEvents(first)).slice(2)).toEqual(['subscription-suspended', 'subscription-ended']);
    expect(await harness.seatsTaken(first.class_id)).toBe(0);
    await reach('2027-06-01');
    expect((await laterEvents(first)).slice(2)).toEqual(['subscription-suspended', 'subscription-ended']);
  });

  it('has every step in order after an outage', async () => {
    const { first } = await unpaid();
    await reach('2027-03-10');
    expect(await laterEvents(first)).toEqual(['renewal-reminded', 'renewal-reminded', 'subscription-suspended']);
  });

  it('brings the person back in when it is paid late: for the days of the period', async () => {
    const { first, second } = await unpaid();
    await reach('2027-03-06');
    await harness.get(ConfirmOrder).execute([funding(second)]);
    await harness.get(ConfirmOrder).execute([funding(second)]);
    expect(await stateOf(first)).toMatchObject({ state: 'active', suspended_at: null });
    expect((await laterEvents(first)).slice(3)).toEqual(['subscription-renewed', 'subscription-resumed']);
    expect((await harness.published(first.order_id)).at(-1)?.data).toMatchObject({
      ...{ suspended_at: '2027-03-06T12:00:00Z', resumed_at: '2027-03-06T12:00:00Z' },
      ...{ start_date: '2027-02-28', end_date: '2027-03-30', order_id: second.order_id },
    });
    expect(await harness.enrolments(second.order_id)).toBe(1);
    await reach('2027-03-28');
    expect(await harness.periodsOf(first)).toHaveLength(3);
  });

  it('keeps the person out while another period is overdue', async () => {
    const { first, second } = await unpaid();
    await reach('2027-03-06');
    expect(await stateOf(first)).toMatchObject({ state: 'suspended' });
    // The order is kept open until the next period is overdue, too.
    await harness.query(`update orders set expires_at = '2027-06-01' where id = $1`, [second.order_id]);
    await reach('2027-03-28');
    await reach('2027-04-10');
    const [, , third] = await harness.periodsOf(first);
    expect(third).toMatchObject({ state: 'opened', amount_minor: 1_000 });
    await Promise.all([harness.pay(second), reach('2027-04-10')]);
    expect(await stateOf(first)).toMatchObject({ state: 'suspended' });
    await harness.pay(third!);
    expect(await stateOf(first)).toMatchObject({ state: 'active' });
  });

  it('competes with its money: the subscription is renewed, or ended and the money released', async () => {
    const { first, second } = await unpaid();
    harness.clock.moveTo('2027-03-20T12:00:00Z');
    await Promise.all([
      reach('2027-03-20'),
      harness.get(ConfirmOrder).execute([funding(second)]),
      other.get(SweepSubscriptionsJob).sweep(),
    ]);
    const { state } = await harness.order(second.order_id);
    expect(await stateOf(first)).toMatchObject({ state: state === 'closed' ? 'active' : 'ended' });
    const events = await harness.eventsOf(second);
    expect(events).toEqual(
      state === 'closed' ? ['order-opened', 'order-closed'] : ['order-opened', 'order-expired', 'order-released'],
    );
  });

  it('stays credit when its money comes after the end', async () => {
    const { second } = await unpaid();
    await reach('2027-03-20');
    const { order_id: orderId, person_id: personId, currency } = second;
    const named = { paymentId: newId(), orderId, personId, amountMinor: 1_000, currency, availableMinor: 1_000 };
    const at = { receivedAt: harness.clock.now(), creditedAt: harness.clock.now() };
    await harness.get(ConfirmOrder).execute([{ ...funding(), payment: { ...named, ...at } }]);
    await harness.get(DecideLatePayments).execute();
    expect((await harness.order(orderId)).late_payments).toMatchObject([
      { outcome: 'credited', reason_code: 'SUBSCRIPTION_ENDED' },
    ]);
  });
});
