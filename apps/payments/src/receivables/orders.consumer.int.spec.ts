import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getOrderMoney } from '#contracts/payments/accounts.js';
import { registerPayment } from '#contracts/payments/payments.js';
import { orderCancelled, orderClosed, orderOpened } from '#contracts/subscriptions/orders.js';
import { personRegistered } from '#contracts/subscriptions/persons.js';
import { newId } from '#kernel/ids.js';
import { DeadLetters } from '#messaging/parking/dead-letters.js';
import type { RpcClient } from '#messaging/requests/rpc-client.js';
import { eventually } from '../../../../test/support/eventually.js';
import { someOrder } from '../../../../test/support/messages/order-events.js';
import type { BrokerProbe } from '../../../../test/support/stack/broker-probe.js';
import { type PaymentsApp, type PaymentsPair, startPaymentsPair } from '../../test/payments-app.js';

let pair: PaymentsPair;
let service: PaymentsApp;
let rpc: RpcClient;
let brokerProbe: BrokerProbe;

beforeAll(async () => {
  pair = await startPaymentsPair();
  ({ service, rpc, brokerProbe } = pair);
});

afterAll(() => pair.close());

const now = () => service.clock.now().toString();
const orderOf = (personId: string) => someOrder({ person_id: personId, amount_minor: 500, opened_at: now() });
const pay = (orderId: string) =>
  rpc.request(
    registerPayment,
    { order_id: orderId, amount_minor: 500, currency: 'EUR', method: 'cash', reference: newId() },
    { commandId: newId() },
  );

async function reaches(orderId: string, state: string): Promise<void> {
  await eventually(
    async () => (await rpc.request(getOrderMoney, { order_id: orderId, visible_to: null })).receivable?.state === state,
  );
}

describe('events of orders, delivered by the broker to two instances', () => {
  it('move the money from payment to class, though each comes three times', async () => {
    const personId = newId();
    const order = orderOf(personId);
    await brokerProbe.publish(personRegistered, personId, {
      person_id: personId,
      name: 'Ada',
      username: 'ada',
      email: 'ada@example.org',
      email_verified: false,
      version: 1,
      registered_at: now(),
    });
    await brokerProbe.publish(orderOpened, order.order_id, order, { times: 3 });
    await reaches(order.order_id, 'open');
    await pay(order.order_id);
    await brokerProbe.publish(orderClosed, order.order_id, { ...order, closed_at: now() }, { times: 3 });
    await reaches(order.order_id, 'settled');
    const { transfers } = await rpc.request(getOrderMoney, { order_id: order.order_id, visible_to: null });
    expect(transfers.map(({ movement, state }) => [movement, state])).toEqual([
      ['register-payment', 'posted'],
      ['reserve', 'posted'],
    ]);
  });

  it('that come last first end the same, and the payment that came before all of them is the person’s', async () => {
    const order = orderOf(newId());
    expect((await pay(order.order_id)).person_id).toBeNull();
    await brokerProbe.publish(orderCancelled, order.order_id, { ...order, ended_at: now(), reason: 'cancelled' });
    await reaches(order.order_id, 'withdrawn');
    await brokerProbe.publish(orderOpened, order.order_id, order);
    const next = { ...orderOf(order.person_id), order_id: newId() };
    await brokerProbe.publish(orderOpened, next.order_id, next);
    await reaches(next.order_id, 'reserved');
    await reaches(order.order_id, 'withdrawn');
  });

  it('meet the rows of their ids in upper or lower case', async () => {
    const order = orderOf(newId());
    const inCapitals = {
      ...order,
      order_id: order.order_id.toUpperCase(),
      person_id: order.person_id.toUpperCase(),
      class_id: order.class_id.toUpperCase(),
    };
    await brokerProbe.publish(orderOpened, order.order_id, inCapitals);
    await reaches(order.order_id, 'open');
    await brokerProbe.publish(orderCancelled, order.order_id, { ...inCapitals, ended_at: now(), reason: 'cancelled' });
    await reaches(order.order_id, 'withdrawn');
    expect(await rpc.request(getOrderMoney, { ...inCapitals, visible_to: null })).toMatchObject({
      order_id: order.order_id,
      receivable: { person_id: order.person_id },
    });
  });

  it('that cannot be true are parked with the reason, and their neighbours are not held up', async () => {
    const orders = Array.from({ length: 20 }, () => orderOf(newId()));
    const impossible = orders[7] as (typeof orders)[number];
    for (const order of orders) await brokerProbe.publish(orderOpened, order.order_id, order);
    for (const order of orders) if (order !== impossible) await pay(order.order_id);
    for (const order of orders) await brokerProbe.publish(orderClosed, order.order_id, { ...order, closed_at: now() });
    for (const order of orders) if (order !== impossible) await reaches(order.order_id, 'settled');
    const parked = await eventually(async () => {
      const page = await service.app.get(DeadLetters).list('payments');
      return page.items.length > 0 && page.items;
    });
    expect(parked).toHaveLength(1);
    expect(parked[0]?.detail).toContain(`order ${impossible.order_id} closed, but its receivable is open`);
    await reaches(impossible.order_id, 'open');
  });
});
