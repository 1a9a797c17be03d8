import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { words as classWords } from '../../../apps/console/web/src/messages/en/classes.ts';
import { words as codeWords } from '../../../apps/console/web/src/messages/en/codes.ts';
import { words as formWords } from '../../../apps/console/web/src/messages/en/promo-codes.ts';
import { accountOfRole } from '../../../tools/openid/people.ts';
import { PromoScenario } from '../../support/stack/promo-scenario.js';
import type { Scenario, Student } from '../../support/stack/scenario.js';
import { browserTests } from '../support/browser-tests.js';
import { newMember, offeredClass } from '../support/offered.ts';
import type { Person } from '../support/person.ts';

/** How often the page of a code reads it again. */
const everyMs = 10_000;
const { form } = formWords;

/** A class, three students who use the code, and a fourth member at the page of the class. */
async function buyers(scenario: Scenario, fourth: Person) {
  const { classId } = await offeredClass(scenario, { priceMinor: 1_000 });
  await fourth.signIn(newMember(), `/classes/${classId}`);
  const { person_id } = await fourth.session();
  const students = await Promise.all([1, 2, 3].map(() => scenario.student()));
  return { classId, students, persons: [...students.map(({ personId }) => personId), person_id as string] };
}

/** Orders the class with the code, and pays. */
async function use(scenario: Scenario, student: Student, classId: string, code: string): Promise<void> {
  const { body } = await scenario.orderWith(student, classId, code);
  await scenario.pay({ amountMinor: body.amount_minor, orderId: body.order_id });
  await scenario.orderIn('closed', body.order_id);
}

/** The fourth member tries the code, and sees that it is used up. */
async function isRefused(fourth: Person, code: string): Promise<void> {
  await fourth.page.getByLabel(classWords.code, { exact: true }).fill(code);
  await fourth.page.keyboard.press('Enter');
  await fourth.sees('This promo code has reached its usage limit.');
  await fourth.stop();
}

browserTests('a code for three uses', (test) => {
  test('counts down on the open page of its publisher, and ends with the last use', async ({ scenario, person }) => {
    const [publisher, fourth] = [await person('publisher', { now: new Date().toISOString() }), await person('fourth')];
    const { classId, students, persons } = await buyers(scenario, fourth);
    const { code, codeId } = await scenario.code({
      kind: 'discount',
      percent_bp: 1_000,
      owner_id: accountOfRole.publisher.subject,
      max_uses: 3,
      audience: 'listed',
      persons,
    });
    await publisher.signIn('publisher', `/publisher/codes/${codeId}`);
    await publisher.page.evaluate('globalThis.sameDocument = true');
    await publisher.sees(codeWords.usesRemaining(3));
    await publisher.sees(codeWords.analyticsNone);
    for (const [index, student] of students.entries()) {
      await use(scenario, student, classId, code);
      await publisher.page.clock.fastForward(everyMs);
      await publisher.sees(codeWords.usesRemaining(2 - index));
    }
    // The order has closed a moment before promotions counts the use.
    await new PromoScenario(scenario).counted(codeId, { used: 3, held: 0, status: 'expired' });
    await publisher.page.clock.fastForward(everyMs);
    await publisher.sees(`${codeWords.status.expired}, ${codeWords.usedUp}`);
    const { body } = await scenario.admin.get(`/admin/promo-codes/${codeId}`);
    await publisher.page.locator(`main time[datetime="${body.auto_deactivated_at}"]`).waitFor();
    // The uses by offer agree with the counter, on the same page.
    await publisher.page.getByRole('row', { name: codeWords.total }).getByText('3', { exact: true }).waitFor();
    expect(await publisher.page.evaluate('globalThis.sameDocument')).toBe(true);
    await publisher.stop();
    await isRefused(fourth, code);
  });

  test('stays active without the switch, and refuses the fourth', async ({ scenario, person }) => {
    const [admin, fourth] = [await person('admin'), await person('fourth')];
    const { classId, students, persons } = await buyers(scenario, fourth);
    const code = `Open-${randomUUID().slice(0, 8)}`;
    await admin.signIn('admin', '/admin/promo-codes/new');
    const { page } = admin;
    await page.getByRole('textbox', { name: codeWords.code, exact: true }).fill(code);
    await page.getByRole('switch', { name: form.hasMaxUses }).check();
    await page.getByRole('textbox', { name: form.maxUses }).fill('3');
    await page.getByRole('switch', { name: new RegExp(`^${form.autoDeactivate}`) }).uncheck();
    await page.getByRole('combobox', { name: form.audience, exact: true }).selectOption('listed');
    await page.getByRole('textbox', { name: form.persons }).fill(persons.join('\n'));
    await page.getByRole('button', { name: formWords.create }).click();
    await page.getByRole('heading', { level: 1, name: code }).waitFor();
    await admin.sees(codeWords.usesRemaining(3));
    for (const student of students) await use(scenario, student, classId, code);
    await isRefused(fourth, code);
    await page.reload();
    await admin.sees(codeWords.usesRemaining(0));
    const head = await page.locator('.page-actions').innerText();
    expect(head).toContain(codeWords.status.active);
    expect(head).not.toContain(codeWords.usedUp);
    await admin.stop();
  });
});
