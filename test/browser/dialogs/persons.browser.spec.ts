import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { words as accountWords } from '../../../apps/console/web/src/messages/en/account.ts';
import { words } from '../../../apps/console/web/src/messages/en/money/persons.ts';
import { words as shellWords } from '../../../apps/console/web/src/messages/en/shell.ts';
import { browserTests, type Scene } from '../support/browser-tests.js';
import { isDone, isRefused, openDialog } from '../support/dialogs.ts';
import { loseFirstAnswer } from '../support/lost-answer.ts';
import { signedIn } from '../support/signed-in.ts';

const signIn = signedIn();
const adminAt = (scene: Scene, path: string) => signIn(scene, 'admin', path);

/** A student with this much cash on the account. */
async function withCash({ scenario }: Scene, amount_minor: number) {
  const student = await scenario.student();
  const cash = { method: 'cash', currency: 'EUR', amount_minor, reference: randomUUID(), person_id: student.personId };
  await scenario.admin.made('/admin/payments', cash, { 'idempotency-key': randomUUID() });
  return student;
}

browserTests('an admin at a person', (test) => {
  test('corrects name and username; one that is taken is refused on its field', async (scene) => {
    const { scenario } = scene;
    const [{ personId }, other] = [await scenario.student(), await scenario.student()];
    const admin = await adminAt(scene, `/persons/${personId}`);
    const dialog = await openDialog(admin, words.change, words.changeTitle);
    const name = `Ada ${randomUUID().slice(0, 8)}`;
    await dialog.getByLabel(words.name, { exact: true }).fill(name);
    await dialog.getByLabel(words.username).fill(`student-${other.personId}`);
    await isRefused(dialog, words.save, 'This username is taken.');
    expect(await dialog.getByLabel(words.username).getAttribute('aria-invalid')).toBe('true');
    await admin.stop({ statuses: [409, 422] });
    await dialog.getByLabel(words.username).fill(`ada-${personId}`);
    await isDone(dialog, words.save);
    await admin.page.getByRole('heading', { level: 1, name }).waitFor();
    await admin.sees(`ada-${personId}`);
    await admin.stop();
  });

  test('pays out a balance: not what is unreadable or too much, and once', async (scene) => {
    const { personId } = await withCash(scene, 3_000);
    const admin = await adminAt(scene, `/persons/${personId}?part=account`);
    const dialog = await openDialog(admin, words.payOut, words.payOutTitle);
    await dialog.getByText('€30.00').waitFor();
    const amount = dialog.getByLabel(words.amount);
    await dialog.getByLabel(words.reason).fill('They move away.');
    admin.requests();
    await amount.fill('12,5,0');
    await isRefused(dialog, words.payOut, shellWords.notAmount('EUR'));
    expect(admin.requests()).toEqual([]);
    await amount.fill('40');
    await isRefused(dialog, words.payOut, 'The person has less than this amount available.');
    await admin.stop({ statuses: [409, 422] });

    const lost = await loseFirstAnswer(admin.page, '**/api/admin/persons/*/payouts');
    await amount.fill('12.50');
    await dialog.getByRole('button', { name: words.payOut, exact: true }).click();
    await dialog.getByText(shellWords.noAnswerTitle).waitFor();
    await isDone(dialog, shellWords.repeat);
    expect([lost.sent, lost.keys.size]).toEqual([2, 1]);
    const statement = admin.page.getByRole('table', { name: accountWords.statement });
    await statement.getByRole('row', { name: new RegExp(accountWords.movements['pay-out']) }).waitFor();
    expect(await statement.locator('tbody tr').count()).toBe(2);
    expect((await scene.scenario.balance(personId)).available).toBe(1_750);
  });

  test('reads balances and statement as of a day', async (scene) => {
    const { personId } = await withCash(scene, 3_000);
    const admin = await adminAt(scene, `/persons/${personId}?part=account`);
    await admin.sees(accountWords.movements['register-payment']);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await admin.page.getByLabel(accountWords.asOf).fill(yesterday);
    await admin.sees(accountWords.noEntries);
    await admin.sees(accountWords.noMoneyTitle);
    await admin.stop();
    await admin.page.getByLabel(accountWords.asOf).fill('');
    await admin.sees(accountWords.movements['register-payment']);
  });
});
