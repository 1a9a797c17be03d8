import { randomUUID } from 'node:crypto';
import { words as classWords } from '../../../apps/console/web/src/messages/en/classes.ts';
import { words as orderWords } from '../../../apps/console/web/src/messages/en/orders.ts';
import { words as ruleWords } from '../../../apps/console/web/src/messages/en/rules.ts';
import { words as whyWords } from '../../../apps/console/web/src/messages/en/why.ts';
import { browserTests } from '../support/browser-tests.js';
import { newMember } from '../support/offered.ts';

browserTests('a rule from a sample', (test) => {
  test('is published, and a member chooses the amount; then it is retired', async (scene) => {
    const tag = randomUUID().slice(0, 8);
    const admin = await scene.person('admin');
    await admin.signIn('admin', '/rules/new');
    await admin.page.getByLabel(ruleWords.sample).selectOption('Pay what you want');
    await admin.page.getByLabel(ruleWords.title, { exact: true }).first().fill(`Donation ${tag}`);
    await admin.page.getByText(ruleWords.holds).nth(1).waitFor();
    await admin.stop();
    await admin.page.getByRole('button', { name: ruleWords.publish, exact: true }).click();
    await admin.page.waitForURL(/\/rules\/[0-9a-f-]{36}$/);
    const ruleId = new URL(admin.page.url()).pathname.split('/').at(-1) as string;
    const { class_id: classId } = await scene.scenario.admin.made('/admin/classes', {
      title: `Concert ${tag}`,
      rule_id: ruleId,
      parameters: { minimum: 1_000, suggestion: 2_500 },
      time_zone: 'Europe/Berlin',
      currency: 'EUR',
    });

    const member = await scene.person('member');
    await member.signIn(newMember(), `/classes/${classId}`);
    const amount = member.page.getByLabel(whyWords.chosenAmount);
    await amount.fill('9.99');
    await member.page.getByRole('button', { name: whyWords.useAmount }).click();
    await member.sees('The smallest amount is 10.00 EUR.');
    await member.stop({ statuses: [422] });
    await amount.fill('12.50');
    await member.page.getByRole('button', { name: whyWords.useAmount }).click();
    await member.sees('€12.50');
    await member.stop();
    await member.page.getByRole('button', { name: classWords.order, exact: true }).click();
    await member.sees(orderWords.waits.payment);
    await member.sees('€12.50');
    await member.stop();

    await admin.page.getByRole('button', { name: ruleWords.retire, exact: true }).click();
    await admin.stop();
    await admin.page.getByRole('dialog').getByRole('button', { name: ruleWords.retire, exact: true }).click();
    await admin.sees(ruleWords.retiredSince);
    await admin.stop();
    await admin.open('/rules?show=retired');
    await admin.page.getByRole('link', { name: `Donation ${tag}` }).waitFor();
    await admin.stop();
  }, 120_000);
});
