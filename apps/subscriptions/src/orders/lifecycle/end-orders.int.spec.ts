import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../../test/support/messages/replies.js';
import { funding, type SubscriptionsHarness, withTwo } from '../../../test/harness.js';
import type { RuleView } from '../../rules/rule-view.js';
import type { OrderView } from '../order-view.js';
import { CancelOrder } from './cancel-order.js';
import { ConfirmOrder } from './confirm-order.js';
import { ExpireOrderJob } from './expire-order.job.js';
import { ExpireOrder } from './expire-order.js';

describe('the end of orders', () => {
  let harness: SubscriptionsHarness;
  let other: SubscriptionsHarness;
  let rule: RuleView;
  let count = 0;

  withTwo(async (one, two) => {
    harness = one;
    other = two;
    rule = await harness.singlePaymentRule();
  });
  beforeEach(() => harness.clock.moveTo('2026-03-02T09:00:00Z'));

  async function openedMany(howMany: number, terms: object = {}): Promise<OrderView[]> {
    const persons = await harness.persons(howMany, `many-${++count}`);
    const { class_id } = await harness.class(rule, terms);
    const orders: OrderView[] = [];
    for (const person of persons) orders.push(await harness.open(person, class_id));
    return orders;
  }
  const cancellation = (order: Pick<OrderView, 'order_id'>, over: object = {}) =>
    command({ order_id: order.order_id, visible_to: null as string | null, ...over });
  const cancel = (...commands: Parameters<CancelOrder['execute']>[0]) => harness.get(CancelOrder).execute(commands);

  describe('by cancelling', () => {
    it('frees the seat and publishes the reason', async () => {
      const order = await harness.opened({ capacity: 1 });
      const [reply] = await cancel(cancellation(order, { reason: 'Moved away.' }));
      const ended = { state: 'cancelled', ended_at: '2026-03-02T09:00:00Z', end_reason: 'Moved away.' };
      expect(answerOf(reply)).toEqual({ ...order, ...ended, waits_for: null, wait_explanation: null });
      expect(await harness.seatsTaken(order.class_id)).toBe(0);
      expect((await harness.published(order.order_id)).at(-1)).toMatchObject({
        type: 'subscriptions.order-cancelled.v1',
        data: { order_id: order.order_id, amount_minor: 1_500, reason: 'Moved away.', ended_at: ended.ended_at },
      });
      const next = await harness.open(await harness.person('next'), order.class_id);
      expect(next.state).toBe('opened');
    });

    it('frees the seat of an order that waits for approval, too', async () => {
      const order = await harness.opened({ approval_required: true });
      await harness.get(ConfirmOrder).execute([funding(order)]);
      expect(answerOf((await cancel(cancellation(order)))[0])).toMatchObject({
        state: 'cancelled',
        confirmed_at: '2026-03-02T09:00:00Z',
      });
      expect(await harness.seatsTaken(order.class_id)).toBe(0);
    });

    it('is refused when the order is closed or expired', async () => {
      const [closed, expired] = await Promise.all([harness.opened(), harness.opened({ payment_window_hours: 1 })]);
      await harness.get(ConfirmOrder).execute([funding(closed!)]);
      harness.clock.moveBy({ hours: 1 });
      await harness.get(ExpireOrder).execute([expired!.order_id]);
      const replies = await cancel(cancellation(closed!), cancellation(expired!));
      expect(replies.map(refusalOf)).toEqual(['ORDER_NOT_CANCELLABLE', 'ORDER_NOT_CANCELLABLE']);
      expect(await harness.seatsTaken(closed!.class_id)).toBe(1);
    });

    it('of another person’s order, or of none, is not found', async () => {
      const order = await harness.opened();
      const stranger = await harness.person('stranger');
      const replies = await cancel(
        cancellation(order, { visible_to: stranger }),
        cancellation({ order_id: newId() }),
        cancellation(order, { visible_to: order.person_id }),
      );
      expect(replies.map(refusalOf)).toEqual(['ORDER_NOT_FOUND', 'ORDER_NOT_FOUND', null]);
    });

    it('twice, under any keys and at once, happens once', async () => {
      const order = await harness.opened();
      const same = cancellation(order);
      const replies = await Promise.all([
        cancel(same, cancellation(order)),
        other.get(CancelOrder).execute([cancellation(order), same]),
      ]);
      const [first, ...others] = replies.flat();
      expect(others.map(answerOf)).toEqual(Array(3).fill(answerOf(first)));
      expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-cancelled']);
      expect(await harness.seatsTaken(order.class_id)).toBe(0);
    });

    it('competes with the money: the transaction that commits first decides, and the other gets an outcome', async () => {
      const orders = await openedMany(30);
      await Promise.all(
        orders.flatMap((order, index) => [
          (index % 2 ? harness : other).get(ConfirmOrder).execute([funding(order)]),
          (index % 3 ? harness : other).get(CancelOrder).execute([cancellation(order)]),
        ]),
      );
      let closed = 0;
      for (const order of orders) {
        const { state } = await harness.order(order.order_id);
        closed += state === 'closed' ? 1 : 0;
        expect(await harness.eventsOf(order)).toEqual(
          state === 'closed' ? ['order-opened', 'order-closed'] : ['order-opened', 'order-cancelled', 'order-released'],
        );
      }
      expect(await harness.seatsTaken(orders[0]!.class_id)).toBe(closed);
    });
  });

  describe('by expiry', () => {
    it('comes when the payment window is over, not before', async () => {
      const order = await harness.opened({ payment_window_hours: 2 });
      harness.clock.moveTo('2026-03-02T10:59:59.999Z');
      expect(await harness.get(ExpireOrder).execute([order.order_id])).toEqual([false]);
      harness.clock.moveTo('2026-03-02T11:00:00Z');
      expect(await harness.get(ExpireOrder).execute([order.order_id, newId()])).toEqual([true, false]);
      expect(await harness.get(ExpireOrder).execute([order.order_id])).toEqual([false]);
      expect(await harness.order(order.order_id)).toMatchObject({
        state: 'expired',
        ended_at: '2026-03-02T11:00:00Z',
      });
      expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-expired']);
      expect(await harness.seatsTaken(order.class_id)).toBe(0);
    });

    it('does not touch an order that has its money', async () => {
      const [closed, waiting] = await Promise.all([harness.opened(), harness.opened({ approval_required: true })]);
      await harness.get(ConfirmOrder).execute([funding(closed!, waiting!)]);
      harness.clock.moveBy({ hours: 1_000 });
      const ids = [closed!.order_id, waiting!.order_id];
      expect(await harness.get(ExpireOrder).execute(ids)).toEqual([false, false]);
    });

    it('of hundreds of orders, one job each, runs as one set', async () => {
      const orders = await openedMany(40, { payment_window_hours: 1 });
      harness.clock.moveBy({ hours: 1 });
      const jobs = [harness, other].map((instance) => instance.get(ExpireOrderJob));
      await Promise.all(jobs.flatMap((job) => orders.map(({ order_id }) => job.expire({ order_id }))));
      for (const order of orders) expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-expired']);
      expect(await harness.seatsTaken(orders[0]!.class_id)).toBe(0);
    });

    it('happens in the sweep when the job was lost, once, and only to overdue orders', async () => {
      const due = await openedMany(12, { payment_window_hours: 1 });
      const [notDue] = await openedMany(1, { payment_window_hours: 2 });
      harness.clock.moveBy({ hours: 1 });
      await Promise.all([harness, other].map((instance) => instance.get(ExpireOrderJob).sweep()));
      for (const order of due) expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-expired']);
      expect((await harness.order(notDue!.order_id)).state).toBe('opened');
    });

    it('gets a delayed job when it is due before the sweep after next', async () => {
      const soon = await openedMany(3, { payment_window_hours: 1 });
      const [later] = await openedMany(1, { payment_window_hours: 2 });
      const sweep = async () => {
        harness.jobs.asked.length = 0;
        await harness.get(ExpireOrderJob).sweep();
        const requested = harness.jobs.asked.map(({ data, delayMs }) => ({
          ...(data as { order_id: string }),
          delayMs,
        }));
        return requested.filter(({ order_id: id }) => [later, ...soon].some((order) => order?.order_id === id));
      };
      harness.clock.moveBy({ minutes: 58, seconds: 59 });
      expect(await sweep()).toEqual([]);
      harness.clock.moveBy({ seconds: 1 });
      const requested = await sweep();
      expect(requested.map(({ delayMs }) => delayMs)).toEqual([60_000, 60_000, 60_000]);
      expect(new Set(requested.map(({ order_id }) => order_id))).toEqual(new Set(soon.map(({ order_id }) => order_id)));
      harness.clock.moveBy({ minutes: 1 });
      expect(await sweep()).toEqual([]);
      for (const { order_id } of soon) expect((await harness.order(order_id)).state).toBe('expired');
      expect((await harness.order(later!.order_id)).state).toBe('opened');
    });

    it('competes with the money: the transaction that commits first decides, and late money is released', async () => {
      const orders = await openedMany(30, { payment_window_hours: 1 });
      harness.clock.moveBy({ hours: 1 });
      await Promise.all(
        orders.flatMap((order, index) => [
          (index % 2 ? harness : other).get(ConfirmOrder).execute([funding(order)]),
          (index % 3 ? harness : other).get(ExpireOrder).execute([order.order_id]),
        ]),
      );
      for (const order of orders) {
        const { state } = await harness.order(order.order_id);
        expect(await harness.eventsOf(order)).toEqual(
          state === 'closed' ? ['order-opened', 'order-closed'] : ['order-opened', 'order-expired', 'order-released'],
        );
      }
    });
  });

  it('lets the person order the class again', async () => {
    const order = await harness.opened({ capacity: 1 });
    await cancel(cancellation(order));
    const again = await harness.open(order.person_id, order.class_id);
    expect([again.state, again.order_id === order.order_id]).toEqual(['opened', false]);
  });
});
