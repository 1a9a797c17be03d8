import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { browserTests } from '../support/browser-tests.js';

const schema = { type: 'integer', minimum: 100, title: 'Price' };

browserTests('an admin', (test) => {
  test('builds a parameter type, a rule with golden examples and a class, and sees the quote of each', async (scene) => {
    const tag = randomUUID().slice(0, 8);
    const admin = await scene.person('admin');
    const { page } = admin;
    await admin.signIn('admin', '/parameter-types/new');

    await page.getByLabel('Name', { exact: true }).first().fill(`price_${tag}`);
    const typedSchema = page.getByLabel('JSON Schema of the values');
    await typedSchema.fill(JSON.stringify({ ...schema, type: 'integr' }));
    await admin.sees(/not valid at \/type/);
    await admin.stop();
    await typedSchema.fill(JSON.stringify(schema));
    await page.getByLabel('Presentation (UI schema)').fill(JSON.stringify({ 'ui:title': 'Fee' }));
    await page.getByLabel('Fee').fill('50');
    await admin.sees('Must be at least 100.');
    await admin.sees('The server does not take this.');
    await page.getByLabel('Fee').fill('150');
    await admin.sees('The server takes this value.');
    await admin.stop();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForURL(`**/parameter-types/price_${tag}`);
    await admin.settled();

    await admin.open('/rules/new');
    await page.getByLabel('Title').fill(`Course ${tag}`);
    await page.getByLabel('Method').selectOption('single_payment');
    await page.getByLabel('Parameter type').selectOption(`price_${tag}`);
    await page.getByRole('button', { name: 'Add an example' }).click();
    const example = page.getByRole('group', { name: 'Example 1' });
    await example.getByLabel('Title').fill('An ordinary day');
    await example.getByLabel('Fee').fill('150');
    for (const [part, digits] of [
      ['day', '02'],
      ['month', '03'],
      ['year', '2026'],
      ['hour', '09'],
      ['minute', '00'],
    ] as const) {
      await example.getByRole('spinbutton', { name: part }).first().click();
      await page.keyboard.type(digits);
    }
    await example.getByLabel('Expected amount (minor units)').fill('149');
    await example.getByLabel('Expected first day').fill('2026-03-02');
    await admin.sees('amount_minor is 150 and not 149');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await example.getByRole('alert').waitFor();
    await admin.stop({ statuses: [422] });
    await example.getByRole('button', { name: 'Expect this' }).click();
    await admin.sees('Holds');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.waitForURL(/\/rules\/[0-9a-f-]{36}$/);
    await admin.sees('Holds');
    await admin.stop();

    await admin.open('/admin/classes/new');
    await page.getByLabel('Title').fill(`Class ${tag}`);
    await page.getByLabel('Rule', { exact: true }).selectOption({ label: `Course ${tag}` });
    await page.getByLabel('Fee').fill('50');
    await admin.sees('No quote yet');
    await page.getByLabel('Fee').fill('150');
    await admin.sees('It costs 1.50 EUR, paid once.');
    await admin.stop();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.waitForURL(/\/admin\/classes\/[0-9a-f-]{36}$/);
    await admin.settled();
    const id = new URL(page.url()).pathname.split('/').at(-1);
    const quoted = await scene.scenario.admin.post(`/classes/${id}/quote`, {});
    expect(quoted).toMatchObject({ status: 200, body: { amount_minor: 150, currency: 'EUR' } });
    await admin.stop();
  }, 120_000);
});
