import 'reflect-metadata';
import { expect } from '@jest/globals';
import { words as classWords } from '../../../apps/console/web/src/messages/en/classes.ts';
import { words as orderWords } from '../../../apps/console/web/src/messages/en/orders.ts';
import { Stack } from '../../support/stack/stack.js';
import { browserTests } from '../support/browser-tests.js';
import { newMember, offeredClass } from '../support/offered.ts';

const ownStack = () => Stack.start({ console: true });

browserTests(
  'while a service is away',
  (test) => {
    test('an order goes on by itself: no step is missing, none comes twice', async ({ scenario, stack, person }) => {
      const { title, classId } = await offeredClass(scenario, { priceMinor: 4_900 });
      const member = await person('member');
      await member.signIn(newMember(), `/classes/${classId}`);
      await member.page.getByRole('button', { name: classWords.order, exact: true }).click();
      await member.page.getByRole('heading', { level: 1, name: orderWords.orderOf(title) }).waitFor();
      await member.sees(orderWords.live);
      const orderId = new URL(member.page.url()).pathname.split('/').at(-1) as string;
      await stack.service('gateway').kill();
      await member.sees(orderWords.reconnecting);
      expect(await scenario.pay({ amountMinor: 4_900, orderId })).toMatchObject({ status: 200 });
      await stack.service('gateway').start();
      const steps = member.page.locator('ol.steps > li');
      await steps.filter({ hasText: orderWords.steps.settled }).filter({ hasText: orderWords.stepDone }).waitFor();
      expect(await steps.count()).toBe(4);
    });

    test('classes are ordered without codes, and the field says that codes are away', async ({
      scenario,
      stack,
      person,
    }) => {
      const { title, classId } = await offeredClass(scenario, { priceMinor: 4_900 });
      const member = await person('member');
      await member.signIn(newMember(), `/classes/${classId}`);
      await stack.service('promotions').kill();
      await member.page.getByLabel(classWords.code, { exact: true }).fill('WELCOME');
      await member.page.getByRole('button', { name: classWords.checkCode }).click();
      await member.sees(classWords.codesAway);
      await member.page.getByRole('button', { name: classWords.order, exact: true }).click();
      await member.page.getByRole('heading', { level: 1, name: orderWords.orderOf(title) }).waitFor();
      await stack.service('promotions').start();
    });
  },
  ownStack,
);
