import { describe, expect, it } from '@jest/globals';
import { BrokenInvariant } from '#kernel/assert.js';
import { newId } from '#kernel/ids.js';
import { command, envelope } from '../../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../../test/support/messages/replies.js';
import { funding, type SubscriptionsHarness, withTwo } from '../../../test/harness.js';
import type { OrderView } from '../order-view.js';
import { ApproveOrder } from './approve-order.js';
import { CancelOrder } from './cancel-order.js';
import { ConfirmOrder } from './confirm-order.js';
import { SettleOrder } from './settle-order.js';

describe('money for orders', () => {
  let harness: SubscriptionsHarness;
  let other: SubscriptionsHarness;

  withTwo((one, two) => {
    harness = one;
    other = two;
  });

  const confirm = (...messages: Parameters<ConfirmOrder['execute']>[0]) => harness.get(ConfirmOrder).execute(messages);
  const settled = (order: OrderView, settledAt = '2026-03-02T09:00:07Z') =>
    envelope({
      order_id: order.order_id,
      person_id: order.person_id,
      class_id: order.class_id,
      amount_minor: order.amount_minor,
      currency: order.currency,
      transfer_id: newId(),
      settled_at: settledAt,
    });

  it('confirms and closes an order, and the person is in the class', async () => {
    const order = await harness.opened();
    const message = funding(order);
    await confirm(message);
    const now = '2026-03-02T09:00:00Z';
    expect(await harness.order(order.order_id)).toEqual({
      ...order,
      state: 'closed',
      waits_for: 'settlement',
      wait_explanation: expect.any(String),
      confirmed_at: now,
      closed_at: now,
    });
    expect(await harness.enrolments(order.order_id)).toBe(1);
    const [, closed] = await harness.published(order.order_id);
    expect(closed).toMatchObject({
      type: 'subscriptions.order-closed.v1',
      causationId: message.id,
      data: { order_id: order.order_id, amount_minor: 1_500, closed_at: now },
    });
    expect(await harness.seatsTaken(order.class_id)).toBe(1);
  });

  it('pays several orders with one message, and several messages with one set', async () => {
    const [one, two, three] = await Promise.all([harness.opened(), harness.opened(), harness.opened()]);
    await confirm(funding(one!, two!), funding(three!));
    for (const order of [one!, two!, three!])
      expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-closed']);
  });

  it('names no order: nothing happens', async () => {
    const before = (await harness.published()).length;
    await confirm(funding());
    expect(await harness.published()).toHaveLength(before);
  });

  it('has one effect when the message comes again: later, in the same set, or at the same moment elsewhere', async () => {
    const order = await harness.opened();
    const message = funding(order);
    await Promise.all([
      confirm(message, message),
      other.get(ConfirmOrder).execute([message]),
      confirm(message),
      other.get(ConfirmOrder).execute([message, message]),
    ]);
    await confirm(message);
    expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-closed']);
    expect(await harness.enrolments(order.order_id)).toBe(1);
  });

  it('has one effect when another message reports the same money', async () => {
    const order = await harness.opened();
    await confirm(funding(order), funding(order));
    await confirm(funding(order));
    expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-closed']);
    expect(await harness.enrolments(order.order_id)).toBe(1);
  });

  it('confirms an order that then waits for the approval of its class', async () => {
    const order = await harness.opened({ approval_required: true });
    const message = funding(order);
    await confirm(message, message);
    expect((await harness.order(order.order_id)).state).toBe('confirmed');
    expect([await harness.eventsOf(order), await harness.enrolments(order.order_id)]).toEqual([
      ['order-opened', 'order-confirmed'],
      0,
    ]);
    expect((await harness.published(order.order_id)).at(-1)).toMatchObject({
      causationId: message.id,
      data: { order_id: order.order_id, amount_minor: 1_500, confirmed_at: '2026-03-02T09:00:00Z' },
    });
    const approve = command({ order_id: order.order_id });
    const [first] = await harness.get(ApproveOrder).execute([approve]);
    const [again, anew] = await harness.get(ApproveOrder).execute([approve, command({ order_id: order.order_id })]);
    expect(answerOf(first).state).toBe('closed');
    expect([answerOf(again), refusalOf(anew)]).toEqual([answerOf(first), 'ORDER_NOT_CONFIRMED']);
    expect([await harness.eventsOf(order), await harness.enrolments(order.order_id)]).toEqual([
      ['order-opened', 'order-confirmed', 'order-closed'],
      1,
    ]);
  });

  it('cannot be skipped by approval', async () => {
    const order = await harness.opened({ approval_required: true });
    const replies = await harness
      .get(ApproveOrder)
      .execute([command({ order_id: order.order_id }), command({ order_id: newId() })]);
    expect(replies.map(refusalOf)).toEqual(['ORDER_NOT_CONFIRMED', 'ORDER_NOT_FOUND']);
  });

  it('is released when the order has been cancelled', async () => {
    const order = await harness.opened();
    await harness.get(CancelOrder).execute([command({ order_id: order.order_id, visible_to: null })]);
    const message = funding(order);
    await confirm(message, message);
    expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-cancelled', 'order-released']);
    expect((await harness.published(order.order_id)).at(-1)).toMatchObject({
      causationId: message.id,
      data: { order_id: order.order_id, state: 'cancelled', released_at: '2026-03-02T09:00:00Z' },
    });
  });

  it('of another amount is a bug, and nothing of its set happens', async () => {
    const [order, neighbour] = await Promise.all([harness.opened(), harness.opened()]);
    const wrong = funding({ ...order!, amount_minor: 1_499 });
    await expect(confirm(funding(neighbour!), wrong)).rejects.toThrow(BrokenInvariant);
    expect(await harness.eventsOf(neighbour!)).toEqual(['order-opened']);
    await confirm(funding(neighbour!));
    expect(await harness.eventsOf(neighbour!)).toEqual(['order-opened', 'order-closed']);
  });

  it('for an unknown order is a bug: the message is parked and not ignored', async () => {
    const order = await harness.opened();
    await expect(confirm(funding({ ...order, order_id: newId() }))).rejects.toThrow(BrokenInvariant);
  });

  describe('that reached the class', () => {
    it('is recorded on the order once', async () => {
      const order = await harness.opened();
      await confirm(funding(order));
      const message = settled(order);
      await harness.get(SettleOrder).execute([message, message]);
      await harness.get(SettleOrder).execute([message, settled(order, '2026-03-02T10:00:00Z')]);
      expect((await harness.order(order.order_id)).settled_at).toBe('2026-03-02T09:00:07Z');
    });

    it('before the order closed is a bug', async () => {
      const order = await harness.opened();
      await expect(harness.get(SettleOrder).execute([settled(order)])).rejects.toThrow(BrokenInvariant);
      expect((await harness.order(order.order_id)).settled_at).toBeNull();
    });
  });
});
