import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accepts, Receiver } from '../../apps/notifications/test/receiver.js';
import { eventually } from '../support/eventually.js';
import { proveInvariants, quiet } from '../support/stack/invariants.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

const types = [
  'subscriptions.order-opened.v1',
  'subscriptions.order-closed.v1',
  'subscriptions.order-cancelled.v1',
  'payments.order-settled.v1',
];

describe('a webhook endpoint', () => {
  let stack: Stack;
  let scenario: Scenario;
  let receiver: Receiver;
  let endpointId: string;
  let secret: string;

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2 });
    scenario = await Scenario.on(stack);
    receiver = await Receiver.open();
    const made = await scenario.admin.made(
      '/admin/webhook-endpoints',
      { url: receiver.url, event_types: types },
      { 'idempotency-key': randomUUID() },
    );
    endpointId = made.endpoint.endpoint_id;
    secret = made.secret;
  });
  afterAll(async () => {
    await stack?.stop();
    await receiver?.[Symbol.asyncDispose]();
  });

  const paidOrder = async () => {
    const student = await scenario.student();
    const classId = await scenario.class({ priceMinor: 900 });
    const orderId = await scenario.order(student, classId);
    await scenario.pay({ paymentId: `pay_${randomUUID()}`, amountMinor: 900, orderId });
    await scenario.settled(orderId);
    return orderId;
  };
  /** The types of the events about an order, as they first came. */
  const typesOf = (orderId: string) => {
    const about = receiver.received.filter(({ subject }) => subject === orderId);
    return [...new Map(about.map(({ id, body }) => [id, JSON.parse(body).type as string])).values()];
  };
  const wholeStory = ['subscriptions.order-opened.v1', 'subscriptions.order-closed.v1', 'payments.order-settled.v1'];

  it('gets the events of an order, signed and in their order', async () => {
    const orderId = await paidOrder();
    await eventually(() => expect(typesOf(orderId)).toEqual(wholeStory));
    for (const posted of receiver.received) expect(accepts(secret, posted)).toBe(true);
    const { body } = await scenario.admin.get(`/admin/webhook-endpoints/${endpointId}/deliveries?subject=${orderId}`);
    expect(body.items.map(({ state }: { state: string }) => state)).toEqual(new Array(3).fill('delivered'));
  });

  it('that is down gets them when it is up again', async () => {
    receiver.answers(503);
    const orderId = await paidOrder();
    await eventually(() => expect(typesOf(orderId).length).toBe(1));
    receiver.accepts();
    await eventually(() => expect(typesOf(orderId)).toEqual(wholeStory), { withinMs: 60_000 });
  });

  it('misses nothing while all instances are killed, and nobody else notices', async () => {
    const instances = stack.instancesOf('notifications');
    await Promise.all(instances.map((instance) => instance.kill()));
    const orderIds = await Promise.all([paidOrder(), paidOrder()]);
    const away = await scenario.admin.get('/admin/webhook-endpoints');
    expect([away.status, away.body.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    await Promise.all(instances.map((instance) => instance.start()));
    for (const orderId of orderIds) {
      await eventually(() => expect(typesOf(orderId)).toEqual(wholeStory), { withinMs: 90_000 });
    }
  });

  it('has a secret that is in no log', () => {
    for (const instance of ['gateway', 'notifications'] as const) {
      for (const service of stack.instancesOf(instance)) {
        expect(stack.log(service, 100_000)).not.toContain(secret.slice('whsec_'.length));
      }
    }
  });

  it('leaves every invariant as it was', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
  });
});
