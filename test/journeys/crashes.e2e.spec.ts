import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MessagingOptions } from '#messaging/messaging.options.js';
import { packMax } from '#messaging/packing.js';
import { Campus } from '../support/campus.js';
import { proveInvariants, quiet, replayChangesNothing } from '../support/invariants.js';
import { Load } from '../support/load.js';
import { Stack } from '../support/stack.js';
import { Vitals } from '../support/vitals.js';

const priceMinor = 1_000;
const ordersBetween = 40;

const { prefetch, windowMax } = new MessagingOptions({ service: 'payments', amqpUrl: '' });
/** What deploy/kubernetes lets a service have. */
const residentBytesMax = 768 * 2 ** 20;

/** The short form of `npm run chaos`. */
describe('under load', () => {
  let stack: Stack;
  let campus: Campus;
  let classId: string;
  let load: Load;
  let vitals: Vitals;

  beforeAll(async () => {
    stack = await Stack.start();
    campus = await Campus.on(stack);
    classId = await campus.class({ priceMinor });
    vitals = new Vitals(stack);
    load = new Load(campus, classId, { codes: await campus.codesForLoad(60) });
  });
  afterAll(async () => {
    await vitals?.stop();
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
    for (const { orderId } of load.paid) await campus.settled(orderId);
    const { body } = await campus.admin.get(`/admin/classes/${classId}/students?limit=1`);
    expect(body.total).toBe(load.paid.length);
    await proveInvariants(campus);
    await replayChangesNothing(campus);
    await proveInvariants(campus);
  });

  // I13 of test/README.md.
  it('no service ever held more than it may (I13)', async () => {
    await vitals.stop();
    const apps = ['gateway', 'subscriptions', 'payments', 'promotions', 'ops'] as const;
    const instances = apps.map((app) => stack.service(app).name).sort();
    const consumers = apps.slice(1, 4).map((app) => stack.service(app).name);
    expect([...vitals.outboxDepth.keys()].sort()).toEqual(['payments', 'promotions', 'subscriptions']);
    expect([...vitals.factsInHand.keys()]).toEqual(expect.arrayContaining(consumers));
    expect([...vitals.residentBytes.keys()].sort()).toEqual(instances);
    // Whoever gets no answer orders no more: what a few persons leave behind in an outage is told in one window.
    for (const depth of vitals.outboxDepth.values()) expect(depth).toBeLessThanOrEqual(windowMax);
    for (const facts of vitals.factsInHand.values()) expect(facts).toBeLessThanOrEqual(prefetch * packMax);
    for (const bytes of vitals.residentBytes.values()) expect(bytes).toBeLessThan(residentBytesMax);
  });
});
