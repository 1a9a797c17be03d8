import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faults } from '../support/stack/faults.js';
import { proveInvariants, quiet, replayChangesNothing } from '../support/stack/invariants.js';
import { Load } from '../support/stack/load.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

const priceMinor = 1_000;
const ordersBetween = 60;

/** `npm run chaos`: every fault under load, over two instances of everything, and the invariants proved after each. */
describe('under load, over two instances', () => {
  let stack: Stack;
  let scenario: Scenario;
  let classId: string;

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2, settings: { SWEEP_SECONDS: '2' } });
    scenario = await Scenario.on(stack);
    classId = await scenario.class({ priceMinor });
  });
  afterAll(() => stack.stop());

  let closed = 0;

  it.each(faults.map((fault) => [fault.name, fault] as const))(
    '%s: nothing is lost or done twice',
    async (_, fault) => {
      const load = new Load(scenario, classId, { codes: await scenario.codesForLoad(ordersBetween) });
      await load.more(ordersBetween);
      await Promise.all([fault.strike(scenario), load.more(ordersBetween)]);
      await load.more(ordersBetween);
      await load.stop();
      await quiet(stack);
      closed += load.paid.length;
      const { body } = await scenario.admin.get(`/admin/classes/${classId}/students?limit=1`);
      expect(body.total).toBe(closed);
      await proveInvariants(scenario);
    },
  );

  it('a repeat of every message changes nothing', async () => {
    await replayChangesNothing(scenario);
    await proveInvariants(scenario);
  });
});
