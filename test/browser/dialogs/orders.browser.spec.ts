import { expect } from '@jest/globals';
import { words } from '../../../apps/console/web/src/messages/en/money/admin-orders.ts';
import { words as orderWords } from '../../../apps/console/web/src/messages/en/orders.ts';
import { words as shellWords } from '../../../apps/console/web/src/messages/en/shell.ts';
import type { ClassTerms, Scenario } from '../../support/stack/scenario.js';
import { browserTests, type Scene } from '../support/browser-tests.js';
import { isDone, isRefused, openDialog } from '../support/dialogs.ts';
import { loseFirstAnswer } from '../support/lost-answer.ts';
import { signedIn } from '../support/signed-in.ts';

const signIn = signedIn();
const adminAt = (scene: Scene, path: string) => signIn(scene, 'admin', path);

/** An order of a new student that is paid with this amount. */
async function paidOrder(scenario: Scenario, terms: ClassTerms, amountMinor = terms.priceMinor) {
  const student = await scenario.student();
  const orderId = await scenario.order(student, await scenario.class(terms));
  await scenario.pay({ amountMinor, orderId });
  return { ...student, orderId };
}

browserTests('an admin at an order', (test) => {
  test('approves it in the queue, and is refused where it was cancelled meanwhile', async (scene) => {
    const { scenario } = scene;
    const terms = { priceMinor: 4_900, approvalRequired: true };
    const [gone, kept] = [await paidOrder(scenario, terms), await paidOrder(scenario, terms)];
    for (const { orderId } of [gone, kept]) await scenario.orderIn('confirmed', orderId);
    const admin = await adminAt(scene, `/admin-orders?queue=approval&search=${gone.orderId}`);
    const table = admin.page.getByRole('table');
    const late = await openDialog(admin, words.approve, words.approveTitle, table);
    await scenario.admin.made(`/orders/${gone.orderId}/cancel`, {});
    await isRefused(late, words.approve, /is cancelled/);
    await admin.stop({ statuses: [409] });
    await late.getByRole('button', { name: words.cancel }).click();

    await admin.open(`/admin-orders?queue=approval&search=${kept.orderId}`);
    await isDone(await openDialog(admin, words.approve, words.approveTitle, table), words.approve);
    await admin.sees(shellWords.filteredTitle);
    await scenario.orderIn('closed', kept.orderId);
    await admin.stop();
  });

  test('refuses it with a reason, once, although the answer was lost', async (scene) => {
    const { scenario } = scene;
    const order = await paidOrder(scenario, { priceMinor: 4_900, approvalRequired: true });
    await scenario.orderIn('confirmed', order.orderId);
    const admin = await adminAt(scene, `/orders/${order.orderId}`);
    const changes = await loseFirstAnswer(admin.page, '**/api/orders/*/cancel');
    const dialog = await openDialog(admin, orderWords.cancel, orderWords.cancelTitle);
    await dialog.getByText(orderWords.cancelMoney('€49.00')).waitFor();
    await dialog.getByLabel(orderWords.cancelReason).fill('Places are for adults.');
    await dialog.getByRole('button', { name: orderWords.cancel, exact: true }).click();
    await dialog.getByText(shellWords.noAnswerTitle).waitFor();
    await isDone(dialog, shellWords.repeat);
    await admin.sees('Places are for adults.');
    expect([changes.sent, changes.keys.size]).toEqual([2, 1]);
    await scenario.orderIn('cancelled', order.orderId);
    expect(await scenario.balance(order.personId)).toEqual({ posted: 4_900, reserved: 0, available: 4_900 });
  });

  test('writes off what is missing, and no more than that', async (scene) => {
    const { scenario } = scene;
    const order = await paidOrder(scenario, { priceMinor: 4_900 }, 4_890);
    const admin = await adminAt(scene, `/orders/${order.orderId}`);
    await admin.sees('€0.10');
    const dialog = await openDialog(admin, words.writeOff, words.writeOffTitle);
    await dialog.getByLabel(words.writeOffMost).fill('0.05');
    await dialog.getByLabel(words.reason).fill('A fee of the bank.');
    await isRefused(dialog, words.writeOff, /more is missing|short/i);
    await admin.stop({ statuses: [409, 422] });
    await dialog.getByLabel(words.writeOffMost).fill('0.10');
    await isDone(dialog, words.writeOff);
    await admin.sees(orderWords.states.closed);
    await scenario.settled(order.orderId);
  });

  test('reads nothing about themselves, and is not asked to pay', async (scene) => {
    const { sample } = scene;
    const admin = await adminAt(scene, '/');
    const paths = [
      ...Object.values(sample.orders).map((id) => `/orders/${id}`),
      `/persons/${sample.personId}?part=account`,
    ];
    for (const path of [...paths, `/classes/${sample.classId}`]) {
      await admin.open(path);
      await admin.page.locator('main h2').first().waitFor();
      expect([path, await admin.page.locator('main').innerText()]).toEqual([
        path,
        expect.not.stringMatching(/\byou\b|\byour\b(?! zone)/i),
      ]);
      expect(await admin.page.getByRole('button', { name: orderWords.pay, exact: true }).count()).toBe(0);
    }
  });
});
