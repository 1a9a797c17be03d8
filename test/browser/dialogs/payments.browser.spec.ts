import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { words } from '../../../apps/console/web/src/messages/en/money/payments.ts';
import { words as shellWords } from '../../../apps/console/web/src/messages/en/shell.ts';
import { browserTests, type Scene } from '../support/browser-tests.js';
import { isDone, isRefused, openDialog } from '../support/dialogs.ts';
import { signedIn } from '../support/signed-in.ts';

const signIn = signedIn();
const adminAt = (scene: Scene, path: string) => signIn(scene, 'admin', path);

const someText = () => randomUUID().slice(0, 12);

/** A payment in cash, of a new student. */
async function cashPayment({ scenario }: Scene, amount_minor = 5_000) {
  const { personId } = await scenario.student();
  const reference = `receipt-${someText()}`;
  const cash = { method: 'cash', currency: 'EUR', amount_minor, reference, person_id: personId };
  const { payment_id } = await scenario.admin.made('/admin/payments', cash, { 'idempotency-key': randomUUID() });
  return { personId, reference, paymentId: payment_id as string };
}

/** Money that names nobody. Answers its reference. */
async function inSuspense({ scenario }: Scene, amountMinor = 1_234): Promise<string> {
  const paymentId = `pay_${someText()}`;
  await scenario.pay({ paymentId, amountMinor });
  return paymentId;
}

/** Somebody with a name that only they have. */
async function named({ scenario }: Scene) {
  const { personId } = await scenario.student();
  const name = `Grace ${someText()}`;
  await scenario.admin.patch(`/admin/persons/${personId}`, { name });
  return { personId, name };
}

browserTests('an admin at money in suspense', (test) => {
  test('assigns it to a person who is found by name', async (scene) => {
    const [reference, { personId, name }] = [await inSuspense(scene), await named(scene)];
    const admin = await adminAt(scene, '/suspense');
    const row = admin.page.getByRole('row').filter({ hasText: reference });
    const dialog = await openDialog(admin, words.assign, words.assignTitle, row);
    await dialog.getByLabel(words.findPerson).fill(name);
    await dialog.getByLabel(words.findPerson).press('Enter');
    await isDone(dialog, words.assignTo(name));
    await row.waitFor({ state: 'detached' });
    expect((await scene.scenario.balance(personId)).available).toBe(1_234);
    await admin.stop();
  });

  test('says that it is not ours with a note, and may assign it later', async (scene) => {
    const reference = await inSuspense(scene);
    const admin = await adminAt(scene, '/suspense');
    const row = admin.page.getByRole('row').filter({ hasText: reference });
    const dialog = await openDialog(admin, words.dismiss, words.dismissTitle, row);
    await isRefused(dialog, words.dismiss, shellWords.formErrors(1));
    await admin.stop({ statuses: [400] });
    const note = `Of the shop next door, ${someText()}`;
    await dialog.getByLabel(words.note).fill(note);
    await isDone(dialog, words.dismiss);
    await row.waitFor({ state: 'detached' });
    await admin.page.getByLabel(words.state).selectOption('dismissed');
    await admin.sees(new RegExp(note));
    await row.getByRole('button', { name: words.assign, exact: true }).waitFor();
    await admin.stop();
  });

  test('closes a notification with a note, which moves no money', async (scene) => {
    const paymentId = `pay_${someText()}`;
    for (const amountMinor of [500, 600]) await scene.scenario.pay({ paymentId, amountMinor });
    const admin = await adminAt(scene, '/quarantined');
    const card = admin.page.locator('section.card').filter({ hasText: paymentId });
    await card.locator('summary').click();
    const dialog = await openDialog(admin, words.dismissNotification, words.dismissNotificationTitle, card);
    await isRefused(dialog, words.dismissNotification, shellWords.formErrors(1));
    const note = `The first amount is right, ${someText()}`;
    await dialog.getByLabel(words.note).fill(note);
    await isDone(dialog, words.dismissNotification);
    await card.waitFor({ state: 'detached' });
    await admin.page.getByLabel(words.state).selectOption('dismissed');
    await admin.sees(new RegExp(note));
    await admin.stop({ statuses: [400] });
  });
});

browserTests('an admin at a payment by hand', (test) => {
  test('registers one; a reference that is used is refused, and all that was typed stays', async (scene) => {
    const [taken, { personId }] = [await cashPayment(scene), await scene.scenario.student()];
    const admin = await adminAt(scene, `/hand-payments?person=${personId}`);
    const form = admin.page.locator('form');
    await form.getByLabel(words.amount).fill('49,50');
    await form.getByLabel(words.reference).fill(taken.reference);
    await form.getByLabel(words.note).fill('At the desk');
    await isRefused(form, words.register, 'This reference stands for another payment.');
    await admin.stop({ statuses: [409, 422] });
    const reference = `receipt-${someText()}`;
    await form.getByLabel(words.reference).fill(reference);
    await form.getByRole('button', { name: words.register }).click();
    await admin.sees(words.registered);
    await admin.page.getByRole('row').filter({ hasText: reference }).getByText('€49.50').waitFor();
    for (const label of [words.amount, words.reference, words.note]) {
      expect([label, await form.getByLabel(label).inputValue()]).toEqual([label, '']);
    }
    await admin.stop();
  });

  test('refunds a part: not an amount that is unreadable or more than is left', async (scene) => {
    const { paymentId, personId } = await cashPayment(scene);
    const admin = await adminAt(scene, `/payments/${paymentId}`);
    const dialog = await openDialog(admin, words.refund, words.refundTitle);
    await dialog.getByLabel(words.reason).fill('The class was short.');
    admin.requests();
    await dialog.getByLabel(words.amount).fill('2O.00');
    await isRefused(dialog, words.refund, shellWords.notAmount('EUR'));
    expect(admin.requests()).toEqual([]);
    await dialog.getByLabel(words.amount).fill('50.01');
    await isRefused(dialog, words.refund, 'The payment has less than this amount left.');
    await admin.stop({ statuses: [409, 422] });
    await dialog.getByLabel(words.amount).fill('20.00');
    await isDone(dialog, words.refund);
    await admin.sees(words.refundedMinor);
    await admin.sees(words.returns);
    expect((await scene.scenario.balance(personId)).available).toBe(3_000);
    await admin.stop();
  });

  test('corrects its amount, and is refused where nothing changes', async (scene) => {
    const { paymentId, personId } = await cashPayment(scene);
    const admin = await adminAt(scene, `/payments/${paymentId}`);
    const dialog = await openDialog(admin, words.correct, words.correctTitle);
    await dialog.getByLabel(words.reason).fill('Typed wrongly.');
    await isRefused(dialog, words.correct, 'The payment has this amount already.');
    await dialog.getByLabel(words.newAmount).fill('5.00');
    await isDone(dialog, words.correct);
    await admin.sees(words.correctionKinds.correct);
    expect((await scene.scenario.balance(personId)).available).toBe(500);
    await admin.stop({ statuses: [409, 422] });
  });

  test('moves it to another person, who is chosen and not typed', async (scene) => {
    const [{ paymentId, personId }, other] = [await cashPayment(scene), await named(scene)];
    const admin = await adminAt(scene, `/payments/${paymentId}`);
    const dialog = await openDialog(admin, words.reassign, words.reassignTitle);
    await dialog.getByLabel(words.reason).fill('Paid for a friend.');
    await dialog.getByLabel(words.findPerson).fill(other.name);
    admin.requests();
    await dialog.getByLabel(words.findPerson).press('Enter');
    const choice = dialog.getByRole('button', { name: new RegExp(other.name) });
    await choice.waitFor();
    expect(admin.requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
    await isRefused(dialog, words.reassign, shellWords.formErrors(1));
    await admin.stop({ statuses: [400] });
    await choice.click();
    await isDone(dialog, words.reassign);
    await admin.page.getByRole('link', { name: other.name }).first().waitFor();
    await admin.sees(words.correctionKinds.reassign);
    const balances = [await scene.scenario.balance(personId), await scene.scenario.balance(other.personId)];
    expect(balances.map(({ available }) => available)).toEqual([0, 5_000]);
    await admin.stop({ statuses: [400] });
  });
});
