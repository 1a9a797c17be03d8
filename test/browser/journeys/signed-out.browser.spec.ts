import { expect } from '@jest/globals';
import { words as classWords } from '../../../apps/console/web/src/messages/en/classes.ts';
import { words as orderWords } from '../../../apps/console/web/src/messages/en/orders.ts';
import { words as shellWords } from '../../../apps/console/web/src/messages/en/shell.ts';
import { browserTests } from '../support/browser-tests.js';
import { newMember, offeredClass } from '../support/offered.ts';

browserTests('a member whose session ends', (test) => {
  test('signs in again in another tab, and finds what was typed', async ({ scenario, person }) => {
    const { classId, title } = await offeredClass(scenario, { priceMinor: 4_900 });
    const member = await person('member');
    const account = newMember();
    await member.signIn(account, `/classes/${classId}`);
    const code = member.page.getByLabel(classWords.code, { exact: true });
    await code.fill('half typed');
    await member.context.clearCookies();
    await member.page.getByRole('button', { name: classWords.order, exact: true }).click();
    await member.sees(shellWords.signedOutTitle);
    await member.stop({ statuses: [401] });

    const opened = member.context.waitForEvent('page');
    await member.page.getByRole('link', { name: shellWords.signIn }).click();
    const tab = await opened;
    await tab.getByLabel('Name').fill(account.name);
    await tab.getByLabel('E-mail').fill(account.email);
    await tab.getByRole('button', { name: 'Sign in as this member' }).click();
    await member.page.getByText(shellWords.signedOutTitle).waitFor({ state: 'detached' });
    expect(await code.inputValue()).toBe('half typed');
    await member.page.getByRole('button', { name: classWords.order, exact: true }).click();
    await member.page.getByRole('heading', { level: 1, name: orderWords.orderOf(title) }).waitFor();
    await member.settled();
    await member.stop();
  });
});
