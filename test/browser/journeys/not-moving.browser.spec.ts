import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { browserTests } from '../support/browser-tests.js';
import { loseFirstAnswer } from '../support/lost-answer.ts';

browserTests('an order that does not move', (test) => {
  test('says why, and closes when an admin registers the rest, once, although the answer was lost', async (scene) => {
    const { person, scenario } = scene;
    const classId = await scenario.class({ priceMinor: 4_900 });
    const [grace, admin] = [await person('grace'), await person('admin')];
    await grace.signIn({ name: 'Grace', email: `${randomUUID()}@example.org` }, `/classes/${classId}`);
    await grace.page
      .getByRole('button', { name: /^order/i })
      .first()
      .click();
    await grace.page.waitForURL(/\/orders\/[0-9a-f-]{36}/);
    await grace.page.getByRole('button', { name: 'Pay', exact: true }).click();
    await grace.page.waitForURL(/\/checkout\//);
    await grace.page.getByLabel('Amount in EUR').first().fill('20.00');
    await grace.page.getByRole('button', { name: 'Pay a part' }).click();
    await grace.page.waitForURL(/paid=yes/);
    const { pathname } = new URL(grace.page.url());

    await admin.signIn('admin', pathname);
    const { page } = admin;
    await admin.sees('It waits for money.');
    await admin.sees('Not covered yet');
    await admin.sees('Write off what is missing');
    await admin.stop();
    await page.getByRole('link', { name: 'Register cash or a transfer' }).click();
    await page.getByLabel('Amount').fill('29.00');
    const reference = `receipt-${randomUUID()}`;
    await page.getByLabel('Reference').fill(reference);
    const changes = await loseFirstAnswer(page, '**/api/admin/payments');
    await page.getByRole('button', { name: 'Register the payment' }).click();
    await page.getByRole('button', { name: 'Repeat' }).click();
    await admin.sees('The payment is registered.');

    await grace.sees('Complete');
    const found = await scenario.admin.get(`/admin/payments?search=${reference}`);
    expect([changes.sent, found.body.items.length]).toEqual([2, 1]);
    await grace.stop({ statuses: [401] });
  });
});
