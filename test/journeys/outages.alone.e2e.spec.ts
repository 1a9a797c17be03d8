import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import amqp from 'amqplib';
import { requestQueue } from '#messaging/connection/topology.js';
import { messagingApps } from '../../tools/apps/apps.ts';
import { eventually } from '../support/eventually.js';
import { proveInvariants, quiet } from '../support/stack/invariants.js';
import { Scenario, type Student } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

describe('while a server is away', () => {
  let stack: Stack;
  let scenario: Scenario;
  let student: Student;
  let orderId: string;

  beforeAll(async () => {
    stack = await Stack.start();
    scenario = await Scenario.on(stack);
  });
  afterAll(() => stack.stop());

  const someoneWithAnOrder = async () => {
    student = await scenario.student();
    orderId = await scenario.order(student, await scenario.class({ priceMinor: 1_000 }));
  };

  /** What the paused or killed server did not see is caught up with. */
  afterEach(async () => {
    for (const server of Object.values(stack.servers)) {
      server.resume();
      await server.start();
    }
    for (const app of messagingApps) {
      await eventually(async () => {
        const ready = await fetch(`${stack.service(app).operationsUrl}/health/ready`);
        expect(ready.status).toBe(200);
      });
    }
  });

  const openOrder = () =>
    student.api.post(
      '/orders',
      { person_id: student.personId, class_id: randomUUID() },
      { 'idempotency-key': randomUUID() },
    );

  const expectTryAgain = (answer: { status: number; headers: Headers; body: { code: string } }) => {
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.body.code).toMatch(/^[A-Z_]+$/);
  };

  it.each(['rabbitmq', 'redis'] as const)('%s: requests are asked to come again, webhooks go on', async (name) => {
    await someoneWithAnOrder();
    await stack.servers[name].kill();
    const paid = await scenario.pay({ amountMinor: 1_000, orderId });
    expect(paid).toEqual({ status: 200, verdict: 'applied' });
    expectTryAgain(await openOrder());
    await stack.servers[name].start();
    await scenario.settled(orderId);
  });

  it('rabbitmq is killed just after it made a queue of requests: the service answers again', async () => {
    await someoneWithAnOrder();
    const broker = await amqp.connect(stack.brokerUrl);
    broker.on('error', () => {});
    const channel = await broker.createChannel();
    await channel.deleteQueue(requestQueue('subscriptions'));
    await eventually(async () => expect((await openOrder()).status).not.toBe(503));
    await stack.servers.rabbitmq.kill();
    await stack.servers.rabbitmq.start();
    await eventually(async () => expect((await openOrder()).status).not.toBe(503), { withinMs: 60_000 });
    await scenario.pay({ amountMinor: 1_000, orderId });
    await scenario.settled(orderId);
  });

  it('postgres: everybody is asked to come again, and nothing is lost', async () => {
    await someoneWithAnOrder();
    await stack.servers.postgres.kill();
    expectTryAgain(await openOrder());
    const notification = scenario.notification({ amountMinor: 1_000, currency: 'EUR', orderId });
    expect((await scenario.deliver(notification)).status).toBe(503);
    await stack.servers.postgres.start();
    await eventually(async () => expect((await scenario.deliver(notification)).status).toBe(200));
    await scenario.settled(orderId);
  });

  it('postgres hangs: the answer comes within the deadline all the same', async () => {
    await someoneWithAnOrder();
    stack.servers.postgres.pause();
    const [asked, notified] = await Promise.all([openOrder(), scenario.pay({ amountMinor: 1_000, orderId })]);
    expectTryAgain(asked);
    expect(notified.status).toBe(503);
    stack.servers.postgres.resume();
    await eventually(async () => expect((await scenario.pay({ amountMinor: 1_000, orderId })).status).toBe(200));
    await scenario.settled(orderId);
  });

  it('a service that is stopped while it works leaves nothing half done', async () => {
    await someoneWithAnOrder();
    const [paid] = await Promise.all([
      scenario.pay({ amountMinor: 1_000, orderId }),
      stack.service('subscriptions').stop(),
    ]);
    expect(paid.status).toBe(200);
    expectTryAgain(await openOrder());
    await stack.service('subscriptions').start();
    await scenario.settled(orderId);
  });

  it('subscriptions: conversions of persons who are known go on, and nobody else is said not to exist', async () => {
    const [known, offerId] = [await scenario.student(), await scenario.offer()];
    const reported = { conversionId: randomUUID(), personId: randomUUID(), offerId, payoutMinor: 1_000 };
    const conversion = { ...reported, occurredAt: new Date() };
    const convertKnown = () => scenario.convert({ personId: known.personId, offerId, payoutMinor: 1_000 });
    expect((await convertKnown()).status).toBe(200);
    await stack.service('subscriptions').kill();
    const [unanswered, answered] = await Promise.all([scenario.convert(conversion), convertKnown()]);
    expectTryAgain(unanswered);
    expect(answered.status).toBe(200);
    await stack.service('subscriptions').start();
    const body = {
      person_id: reported.personId,
      name: 'Late',
      username: reported.personId,
      email: `${reported.personId}@example.org`,
    };
    await scenario.admin.made('/persons', body);
    expect((await scenario.convert(conversion)).status).toBe(200);
  });

  it('nothing was lost and nothing done twice', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
  });
});
