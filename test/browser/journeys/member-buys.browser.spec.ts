import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import { words as accountWords } from '../../../apps/console/web/src/messages/en/account.ts';
import { words as classWords } from '../../../apps/console/web/src/messages/en/classes.ts';
import { words as orderWords } from '../../../apps/console/web/src/messages/en/orders.ts';
import { words as promoCodeWords } from '../../../apps/console/web/src/messages/en/promo-codes.ts';
import { PromoScenario } from '../../support/stack/promo-scenario.js';
import { browserTests } from '../support/browser-tests.js';
import { newMember, offeredClass } from '../support/offered.ts';
import type { Person } from '../support/person.ts';

/** From the list of classes to one of them. */
async function findClass(member: Person, title: string): Promise<void> {
  await member.page.getByLabel(classWords.search).fill(title);
  await member.page.getByRole('link', { name: title }).click();
  await member.page.getByRole('heading', { level: 1, name: title }).waitFor();
  await member.settled();
}

/** Orders the class that is shown. Answers the order's id. */
async function order(member: Person, title: string): Promise<string> {
  await member.page.getByRole('button', { name: classWords.order, exact: true }).click();
  await member.page.getByRole('heading', { level: 1, name: orderWords.orderOf(title) }).waitFor();
  await member.sees(orderWords.waits.payment);
  await member.settled();
  return new URL(member.page.url()).pathname.split('/').at(-1) as string;
}

/** Pays the order that is shown, on the provider's page. */
async function pay(member: Person, amount: string): Promise<void> {
  await member.page.getByRole('button', { name: orderWords.pay, exact: true }).click();
  await member.page.getByRole('button', { name: `Pay ${amount}` }).click();
  await member.page.waitForURL(/[?&]paid=yes/);
}

browserTests('a member', (test) => {
  test('buys a class, and watches the order close without a reload', async ({ scenario, stack, person }) => {
    const { title } = await offeredClass(scenario, { priceMinor: 4_900 });
    const member = await person('member');
    await member.signIn(newMember());
    await member.stop();
    await findClass(member, title);
    await member.stop();
    const orderId = await order(member, title);
    await member.stop();

    // A second window stays on the order while the first one pays.
    const watching = await member.context.newPage();
    await watching.goto(new URL(`/orders/${orderId}`, stack.consoleUrl).href);
    await watching.getByText(orderWords.live).waitFor();
    await watching.evaluate('globalThis.sameDocument = true');
    await pay(member, '€49.00');
    await watching
      .getByRole('listitem')
      .filter({ hasText: orderWords.steps.settled })
      .filter({ hasText: orderWords.stepDone })
      .waitFor();
    expect(await watching.evaluate('globalThis.sameDocument')).toBe(true);
    expect(await watching.locator('ol.steps > li').count()).toBe(4);
    await member.sees(orderWords.paidDone);
    await member.stop();

    await member.open('/my-classes');
    await member.sees(title);
    await member.stop();
    await member.open('/account');
    await member.sees(accountWords.movements.reserve);
    await member.sees(accountWords.movements['register-payment']);
    await member.stop();
  });

  test('pays a fifth less with a code, typed in lower case and with spaces around it', async ({ scenario, person }) => {
    const { classId, title } = await offeredClass(scenario, { priceMinor: 4_900 });
    const { code, codeId } = await scenario.code({
      code: `WELCOME-${randomUUID().slice(0, 6)}`.toUpperCase(),
      kind: 'discount',
      percent_bp: 2_000,
    });
    const member = await person('member');
    const account = newMember();
    await member.signIn(account, `/classes/${classId}`);
    await member.page.getByLabel(classWords.code, { exact: true }).fill(`  ${code.toLowerCase()} `);
    await member.page.getByRole('button', { name: classWords.checkCode }).click();
    const sum = member.page.locator('dl.sum');
    await sum.getByText('€39.20').waitFor();
    await sum.getByText('-€9.80').waitFor();
    await sum.getByText('20% of 49.00 EUR is 9.80 EUR').waitFor();
    await member.page.getByRole('button', { name: new RegExp(`^${classWords.removeCode('')}`) }).waitFor();
    await member.settled();
    await member.stop();
    const orderId = await order(member, title);
    await member.stop();
    await pay(member, '€39.20');
    await member.sees(orderWords.paidDone);
    await scenario.settled(orderId);

    const admin = await person('admin');
    await new PromoScenario(scenario).counted(codeId, { used: 1 });
    await admin.signIn('admin', `/admin/promo-codes/${codeId}?tab=applications`);
    const row = admin.page.getByRole('row').filter({ hasText: account.email });
    await row.getByRole('cell').filter({ hasText: title }).waitFor();
    await admin.stop();
    const saved = admin.page.waitForEvent('download');
    await admin.page.getByRole('link', { name: promoCodeWords.csv }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toMatch(/\.csv$/);
    const [heading = '', ...rows] = (await text(await file.createReadStream())).trim().split(/\r?\n/);
    expect(heading).toContain('email');
    expect(rows).toEqual([expect.stringContaining(account.email)]);
    await row.getByRole('link').first().click();
    await admin.page.waitForURL(/\/admin\/decisions\?person=/);
    await admin.page.getByRole('row').filter({ hasText: code }).first().waitFor();
    await admin.stop();
  });

  test('sees at once why a code does not work', async ({ scenario, person }) => {
    const { classId } = await offeredClass(scenario, { priceMinor: 4_900 });
    const member = await person('member');
    await member.signIn(newMember(), `/classes/${classId}`);
    await member.page.getByLabel(classWords.code, { exact: true }).fill('no-such-code');
    await member.page.keyboard.press('Enter');
    await member.page.getByRole('status').filter({ hasText: /\S/ }).first().waitFor();
    await member.sees(/does not exist|no such|unknown|not valid|cannot be used|does not work/i);
    await member.stop();
  });
});
