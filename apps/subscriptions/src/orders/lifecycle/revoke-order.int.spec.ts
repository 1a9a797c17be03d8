import { describe, expect, it } from '@jest/globals';
import { BrokenInvariant } from '#kernel/assert.js';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { refusalOf } from '../../../../../test/support/messages/replies.js';
import { funding, type SubscriptionsHarness, withTwo } from '../../../test/harness.js';
import type { OrderView } from '../order-view.js';
import { ApproveOrder } from './approve-order.js';
import { CancelOrder } from './cancel-order.js';
import { ConfirmOrder } from './confirm-order.js';
import { type Revocation, RevokeOrder } from './revoke-order.js';

describe('money that went back to the payer', () => {
  let harness: SubscriptionsHarness;
  let other: SubscriptionsHarness;

  withTwo((one, two) => {
    harness = one;
    other = two;
  });

  const opened = (terms: object = {}) => harness.opened({ approval_required: true, ...terms });
  async function confirmed(terms: object = {}): Promise<OrderView> {
    const order = await opened(terms);
    await harness.get(ConfirmOrder).execute([funding(order)]);
    return order;
  }
  const revocation = (...orders: readonly Pick<OrderView, 'order_id'>[]): Revocation => ({
    id: newId(),
    correlationId: newId(),
    traceparent: undefined,
    orderIds: orders.map(({ order_id: orderId }) => orderId),
    reason: 'Its payment was refunded.',
  });
  const revoke = (...messages: Revocation[]) => harness.get(RevokeOrder).execute(messages);

  it('cancels an order that waits for approval and frees its seat', async () => {
    const order = await confirmed({ capacity: 1 });
    const message = revocation(order);
    await revoke(message);
    expect(await harness.order(order.order_id)).toMatchObject({
      state: 'cancelled',
      end_reason: 'Its payment was refunded.',
    });
    expect(await harness.seatsTaken(order.class_id)).toBe(0);
    expect((await harness.published(order.order_id)).at(-1)).toMatchObject({
      type: 'subscriptions.order-cancelled.v1',
      causationId: message.id,
      data: { order_id: order.order_id, reason: 'Its payment was refunded.' },
    });
    const approve = command({ order_id: order.order_id });
    expect((await harness.get(ApproveOrder).execute([approve])).map(refusalOf)).toEqual(['ORDER_NOT_CONFIRMED']);
  });

  it('has one effect when it is published again or by another message', async () => {
    const order = await confirmed();
    const message = revocation(order, order);
    await Promise.all([
      revoke(message, message, revocation(order)),
      other.get(RevokeOrder).execute([message, revocation(order)]),
    ]);
    expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-confirmed', 'order-cancelled']);
  });

  it('cancels an order before its funding message arrives; that message then releases the money', async () => {
    const order = await opened();
    await revoke(revocation(order));
    await harness.get(ConfirmOrder).execute([funding(order)]);
    expect(await harness.eventsOf(order)).toEqual(['order-opened', 'order-cancelled', 'order-released']);
  });

  it('changes neither closed nor ended orders', async () => {
    const [closed, cancelled] = [await confirmed({ approval_required: false }), await confirmed()];
    await harness.get(CancelOrder).execute([command({ order_id: cancelled.order_id, visible_to: null })]);
    await revoke(revocation(closed, cancelled));
    expect((await harness.order(closed.order_id)).state).toBe('closed');
    expect((await harness.order(cancelled.order_id)).end_reason).toBe('Cancelled on request.');
    expect(await harness.enrolments(closed.order_id)).toBe(1);
  });

  it('of no order does nothing', async () => {
    const before = (await harness.published()).length;
    await revoke(revocation());
    expect(await harness.published()).toHaveLength(before);
  });

  it('of an unknown order is a bug: the message is parked and not ignored', async () => {
    await expect(revoke(revocation({ order_id: newId() }))).rejects.toThrow(BrokenInvariant);
  });

  it('competes with the approval: the transaction that commits first decides', async () => {
    const orders: OrderView[] = [];
    for (let turn = 0; turn < 20; turn += 1) orders.push(await confirmed());
    await Promise.all(
      orders.flatMap((order, index) => [
        (index % 2 ? harness : other).get(RevokeOrder).execute([revocation(order)]),
        (index % 3 ? harness : other).get(ApproveOrder).execute([command({ order_id: order.order_id })]),
      ]),
    );
    for (const order of orders) {
      const { state } = await harness.order(order.order_id);
      const enrolled = await harness.enrolments(order.order_id);
      expect([state, enrolled]).toEqual(state === 'closed' ? ['closed', 1] : ['cancelled', 0]);
      expect((await harness.eventsOf(order)).at(-1)).toBe(`order-${state}`);
    }
  });
});
