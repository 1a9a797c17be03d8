import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostileRequests, sendHostile } from '../support/fuzz/hostile-requests.js';
import { proveInvariants, quiet } from '../support/stack/invariants.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

const rounds = 6;

describe('hostile requests beside honest ones', () => {
  let stack: Stack;
  let scenario: Scenario;

  beforeAll(async () => {
    stack = await Stack.start();
    scenario = await Scenario.on(stack);
  });
  afterAll(() => stack.stop());

  it('are all refused as documented, while every honest order is opened, paid and closed', async () => {
    const stranger = await scenario.student();
    const classId = await scenario.class({ priceMinor: 500 });
    const token = await stack.token('member', stranger.personId);
    const targets = { gateway: stack.gatewayUrl, webhooks: stack.webhooksUrl, token, personId: stranger.personId };
    const statuses = new Map<string, Set<number>>();
    const wrong: unknown[] = [];
    const attack = async () => {
      for (let round = 0; round < rounds; round++) {
        for (const request of hostileRequests(targets)) {
          const status = await sendHostile(request);
          statuses.set(request.name, (statuses.get(request.name) ?? new Set()).add(status));
          if (status !== 0 && !request.expected.includes(status)) wrong.push([request.name, status]);
        }
      }
    };
    const honest = async () => {
      const student = await scenario.student();
      const orderId = await scenario.order(student, classId);
      expect(await scenario.pay({ amountMinor: 500, orderId, personId: student.personId })).toMatchObject({
        status: 200,
        verdict: 'applied',
      });
      await scenario.orderIn('closed', orderId);
    };
    const attacks = Promise.all([attack(), attack(), attack(), attack()]);
    for (let order = 0; order < 20; order++) await honest();
    await attacks;
    expect(wrong).toEqual([]);
    const unanswered = [...statuses].filter(([, seen]) => ![...seen].some((status) => status !== 0));
    expect(unanswered).toEqual([]);
    expect(statuses.size).toBe(8);
  });

  it('change nothing', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
    const { body } = await scenario.admin.get('/orders?limit=1');
    expect(body.total).toBe(20);
  });
});
