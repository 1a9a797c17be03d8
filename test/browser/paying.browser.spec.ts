import { randomUUID } from 'node:crypto';
import { browserTests } from './support/browser-tests.js';

browserTests('an order that is paid in two parts', (test) => {
  test('says what is still to be paid, and closes without a reload', async ({ person, scenario }) => {
    const classId = await scenario.class({ priceMinor: 4_900 });
    const name = `Grace ${randomUUID().slice(0, 8)}`;
    const grace = await person('grace', { width: 390, locale: 'en-GB' });
    await grace.signIn({ name, email: `${randomUUID()}@example.org` }, `/classes/${classId}`);
    await grace.page
      .getByRole('button', { name: /^order/i })
      .first()
      .click();
    await grace.page.waitForURL(/\/orders\/[0-9a-f-]{36}/);
    const pay = grace.page.getByRole('button', { name: 'Pay', exact: true });
    await pay.click();
    await grace.page.waitForURL(/\/checkout\//);
    await grace.page.getByLabel('Amount in EUR').first().fill('20.00');
    await grace.page.getByRole('button', { name: 'Pay a part' }).click();
    await grace.page.waitForURL(/paid=yes/);
    await grace.sees('From the balance');
    await grace.sees('€29.00');
    // Before the sign-in there was no session to ask for.
    await grace.stop({ fits: true, statuses: [401] });
    await pay.click();
    await grace.page.waitForURL(/\/checkout\//);
    await grace.page.getByRole('button', { name: 'Pay €29.00' }).click();
    await grace.page.waitForURL(/paid=yes/);
    await grace.sees('Complete');
    await grace.stop({ fits: true });
  });
});
