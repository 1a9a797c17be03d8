import { randomInt } from 'node:crypto';
import { expect } from '@jest/globals';
import { formatMoney } from '../../../apps/console/web/src/format/money.ts';
import { words as accountWords } from '../../../apps/console/web/src/messages/en/account.ts';
import { words as adminOrderWords } from '../../../apps/console/web/src/messages/en/money/admin-orders.ts';
import { words as ledgerWords } from '../../../apps/console/web/src/messages/en/money/ledger.ts';
import { words as paymentWords } from '../../../apps/console/web/src/messages/en/money/payments.ts';
import { words as orderWords } from '../../../apps/console/web/src/messages/en/orders.ts';
import { EmulatedProvider } from '../../support/services/emulated-provider.js';
import { browserTests } from '../support/browser-tests.js';
import { openDialog } from '../support/dialogs.ts';
import { newMember, offeredClass } from '../support/offered.ts';
import type { Person } from '../support/person.ts';

const euros = (minor: number) => formatMoney(minor, 'EUR', 'en-GB');

/** The texts of the arcs that are drawn, in their order. */
const arcs = ({ page }: Person) => page.locator('ol.way > li').allInnerTexts();

/** Opens an order of the member. Answers its id. */
async function ordered(
  member: Person,
  admin: { made(path: string, body: unknown): Promise<{ order_id: string }> },
  classId: string,
) {
  const { person_id } = await member.session();
  const { order_id } = await admin.made('/orders', { person_id, class_id: classId });
  await member.open(`/orders/${order_id}`);
  return order_id;
}

/** Goes to the provider's page of the order that is shown. Answers its address. */
async function toProvider(member: Person): Promise<string> {
  await member.page.getByRole('button', { name: orderWords.pay, exact: true }).click();
  await member.page.waitForURL(/\/checkout\//);
  return member.page.url();
}

async function settles(member: Person): Promise<void> {
  await member.page
    .getByRole('listitem')
    .filter({ hasText: orderWords.steps.settled })
    .filter({ hasText: orderWords.stepDone })
    .waitFor();
}

browserTests('money that names nobody', (test) => {
  test('is found, assigned and followed; what a refund takes is owed, and repaid first', async (scene) => {
    const { scenario, stack, person } = scene;
    const [priceMinor, nextMinor] = [10_000 + randomInt(80_000), 2_000];
    const { classId, title } = await offeredClass(scenario, { priceMinor });
    const [member, admin] = [await person('member'), await person('admin')];
    await member.signIn(newMember());
    const orderId = await ordered(member, scenario.admin, classId);
    const paymentPage = await toProvider(member);
    await member.page.getByRole('button', { name: 'Pay without a name' }).click();
    await member.page.waitForURL(/paid=yes/);
    await member.sees(orderWords.paidText);

    await admin.signIn('admin', '/suspense');
    const row = admin.page.getByRole('row').filter({ hasText: euros(priceMinor) });
    await row.getByText(paymentWords.namesNobody).waitFor();
    await admin.stop();
    const payment = await row.getByRole('link').first().getAttribute('href');
    const dialog = await openDialog(admin, paymentWords.assign, paymentWords.assignTitle, row);
    const candidate = dialog.getByRole('listitem').filter({ hasText: title });
    await candidate.getByText(paymentWords.candidateReasons.same_amount).waitFor();
    await admin.stop();
    await candidate.getByRole('button', { name: paymentWords.choose }).click();
    await dialog.waitFor({ state: 'detached' });
    await row.waitFor({ state: 'detached' });
    await settles(member);
    await member.stop();

    await admin.open(String(payment));
    expect(await arcs(admin)).toEqual([
      expect.stringMatching(/^Provider.*Payment came.*Posted.*Suspense/s),
      expect.stringMatching(/^Suspense.*Found its person.*Posted.*Person/s),
      expect.stringMatching(/^Person.*For an order.*Posted.*Class/s),
    ]);
    await admin.page.getByRole('row', { name: new RegExp(`^${ledgerWords.sum} €0.00`) }).waitFor();
    await admin.stop();
    await admin.open(`/orders/${orderId}`);
    await admin.page.getByRole('link', { name: adminOrderWords.money }).click();
    await admin.page.getByRole('heading', { level: 1, name: ledgerWords.orderMoney }).waitFor();
    await admin.settled();
    expect((await arcs(admin)).at(-1)).toMatch(/^Person.*For an order.*Posted.*Class/s);
    await admin.stop();

    const provider = EmulatedProvider.at(stack.emulatorUrl);
    await provider.become((await provider.page(paymentPage)).payments[0], 'refund');
    await provider.delivered(paymentPage);
    await admin.open(String(payment));
    await admin.sees(ledgerWords.branches);
    expect((await arcs(admin)).slice(3).join()).toMatch(/Debt arose.*Refund/s);
    await admin.sees(paymentWords.returns);
    await admin.stop();

    await member.open('/account');
    await member.sees(accountWords.owed);
    await member.sees(accountWords.owedNote);
    expect(await member.page.locator('dl.figures').innerText()).toContain(euros(priceMinor));
    await member.stop();

    const next = await offeredClass(scenario, { priceMinor: nextMinor });
    await ordered(member, scenario.admin, next.classId);
    await member.sees(orderWords.debtFirst);
    await member.sees(euros(priceMinor + nextMinor));
    await member.stop();
    await toProvider(member);
    await member.page.getByRole('button', { name: `Pay ${euros(priceMinor + nextMinor)}` }).click();
    await member.page.waitForURL(/paid=yes/);
    await settles(member);
    await member.open('/account');
    const rows = await member.page.locator('tbody tr').allInnerTexts();
    expect(rows.slice(0, 3)).toEqual([
      expect.stringContaining(accountWords.movements.reserve),
      expect.stringContaining(accountWords.movements['repay-debt']),
      expect.stringContaining(accountWords.movements['register-payment']),
    ]);
    expect(await member.page.getByText(accountWords.owedNote).count()).toBe(0);
    await member.stop();
  });
});
