import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { words } from '../../../apps/console/web/src/messages/en/shell.ts';
import { screens } from '../../../tools/screens/list/all.ts';
import type { Sample } from '../../../tools/screens/sample.ts';
import { pathOf } from '../../../tools/screens/screen.ts';
import { browserTests } from '../support/browser-tests.js';

/** Ids that nothing has. */
const nothing: Sample = {
  ...({} as Sample),
  ...Object.fromEntries(
    ['personId', 'classId', 'ruleId', 'codeId', 'bonusCodeId', 'batchId', 'receiptId', 'offerId', 'conversionId'].map(
      (name) => [name, randomUUID()],
    ),
  ),
  webhookEndpointId: randomUUID(),
  typeName: 'nothing',
  money: { paymentId: randomUUID(), accountId: 2_147_483_647 },
  orders: { settled: randomUUID(), confirmed: randomUUID(), cancelled: randomUUID(), opened: randomUUID() },
};

browserTests('the screens', (test) => {
  for (const role of ['member', 'publisher', 'admin', 'ops'] as const) {
    test(`of other roles say so to ${role}, and request nothing`, async ({ person, sample }) => {
      const reader = await person(role);
      await reader.signIn(role);
      await reader.settled();
      for (const screen of screens.filter(({ roles }) => !roles.includes(role))) {
        reader.requests();
        await reader.goto(pathOf(screen, sample));
        await reader.sees(words.forbiddenTitle);
        expect([screen.name, reader.requests()]).toEqual([screen.name, []]);
      }
      await reader.stop();
    });
  }

  test('of things that are not there, or not theirs, say so', async ({ person }) => {
    for (const role of ['member', 'publisher', 'admin'] as const) {
      const reader = await person(role);
      await reader.signIn(role);
      for (const screen of screens.filter(({ roles, route }) => roles[0] === role && route.includes('$'))) {
        await reader.goto(pathOf(screen, nothing));
        await reader.sees(words.notFoundTitle);
        await reader.stop({ statuses: [404] });
      }
      await reader.goto('/nowhere');
      await reader.sees(words.notFoundTitle);
      await reader.stop();
    }
  });
});
