import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MessagingOptions } from '#messaging/messaging.options.js';
import { packMax } from '#messaging/publishing/packing.js';
import { proveInvariants, quiet, replayChangesNothing } from '../support/stack/invariants.js';
import { Load } from '../support/stack/load.js';
import { MetricsSampler } from '../support/stack/metrics-sampler.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

const priceMinor = 1_000;
const ordersBetween = 40;

const { prefetch, windowMax } = new MessagingOptions({ service: 'payments', amqpUrl: 'amqp://none' });
/** What deploy/kubernetes lets a service have. */
const residentBytesMax = 768 * 2 ** 20;

/** The short form of `npm run chaos`. */
describe('under load', () => {
  let stack: Stack;
  let scenario: Scenario;
  let classId: string;
  let load: Load;
  let metricsSampler: MetricsSampler;

  beforeAll(async () => {
    stack = await Stack.start();
    scenario = await Scenario.on(stack);
    classId = await scenario.class({ priceMinor });
    metricsSampler = new MetricsSampler(stack);
    load = new Load(scenario, classId, { codes: await scenario.codesForLoad(60) });
  });
  afterAll(async () => {
    await metricsSampler?.stop();
    await stack.stop();
  });

  it.each<[string, () => { kill(): Promise<void>; start(): Promise<void> }]>([
    ['the payment service', () => stack.service('payments')],
    ['the subscription service', () => stack.service('subscriptions')],
    ['the promotion service', () => stack.service('promotions')],
    ['the broker', () => stack.servers.rabbitmq],
    ['the database', () => stack.servers.postgres],
  ])('%s is killed, comes back, and orders go on', async (_, victim) => {
    await load.more(ordersBetween);
    await victim().kill();
    await victim().start();
    await load.more(ordersBetween);
  });

  it('every order that was paid is closed, and every invariant holds', async () => {
    await load.stop();
    await quiet(stack);
    for (const { orderId } of load.paid) await scenario.settled(orderId);
    const { body } = await scenario.admin.get(`/admin/classes/${classId}/students?limit=1`);
    expect(body.total).toBe(load.paid.length);
    await proveInvariants(scenario);
    await replayChangesNothing(scenario);
    await proveInvariants(scenario);
  });

  // I13 of test/README.md.
  it('no service ever held more than it may (I13)', async () => {
    await metricsSampler.stop();
    const apps = ['gateway', 'subscriptions', 'payments', 'promotions', 'notifications', 'ops'] as const;
    const instances = apps.map((app) => stack.service(app).name).sort();
    const consumers = apps.slice(1, 4).map((app) => stack.service(app).name);
    expect([...metricsSampler.outboxDepth.keys()].sort()).toEqual([
      'notifications',
      'payments',
      'promotions',
      'subscriptions',
    ]);
    expect([...metricsSampler.eventsInHand.keys()]).toEqual(expect.arrayContaining(consumers));
    expect([...metricsSampler.residentBytes.keys()].sort()).toEqual(instances);
    // A person without an answer orders no more: the relay publishes what an outage leaves behind in one window.
    for (const depth of metricsSampler.outboxDepth.values()) expect(depth).toBeLessThanOrEqual(windowMax);
    for (const events of metricsSampler.eventsInHand.values()) expect(events).toBeLessThanOrEqual(prefetch * packMax);
    for (const bytes of metricsSampler.residentBytes.values()) expect(bytes).toBeLessThan(residentBytesMax);
  });
});
