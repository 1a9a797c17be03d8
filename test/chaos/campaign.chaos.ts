import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Campus } from '../support/campus.js';
import { faults } from '../support/faults.js';
import { proveInvariants, quiet, replayChangesNothing } from '../support/invariants.js';
import { Load } from '../support/load.js';
import { Stack } from '../support/stack.js';

const priceMinor = 1_000;
const ordersBetween = 60;

/** `npm run chaos`: every fault under load, over two instances of everything, and the invariants proved after each. */
describe('under load, over two instances', () => {
  let stack: Stack;
  let campus: Campus;
  let classId: string;

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2, settings: { SWEEP_SECONDS: '2' } });
    campus = await Campus.on(stack);
    classId = await campus.class({ priceMinor });
  });
  afterAll(() => stack.stop());

  let closed = 0;

  it.each(faults.map((fault) => [fault.name, fault] as const))(
    '%s: nothing is lost or done twice',
    async (_, fault) => {
      const load = new Load(campus, classId, { codes: await campus.codesForLoad(ordersBetween) });
      await load.more(ordersBetween);
      await Promise.all([fault.strike(campus), load.more(ordersBetween)]);
      await load.more(ordersBetween);
      await load.stop();
      await quiet(stack);
      closed += load.paid.length;
      const { body } = await campus.admin.get(`/admin/classes/${classId}/students?limit=1`);
      expect(body.total).toBe(closed);
      await proveInvariants(campus);
    },
  );

  it('telling everything again changes nothing', async () => {
    await replayChangesNothing(campus);
    await proveInvariants(campus);
  });
});
