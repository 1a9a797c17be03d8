import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Campus } from '../support/campus.js';
import { proveInvariants, quiet, replayChangesNothing } from '../support/invariants.js';
import { Load } from '../support/load.js';
import { Stack } from '../support/stack.js';

const priceMinor = 1_000;
const ordersBetween = 40;

/** The short form of `npm run chaos`. */
describe('under load', () => {
  let stack: Stack;
  let campus: Campus;
  let classId: string;
  let load: Load;

  beforeAll(async () => {
    stack = await Stack.start();
    campus = await Campus.on(stack);
    classId = await campus.class({ priceMinor });
    load = new Load(campus, classId, { codes: await campus.codesForLoad(60) });
  });
  afterAll(() => stack.stop());

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
});
