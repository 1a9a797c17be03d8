import { expect } from '@jest/globals';
import { words } from '../../../apps/console/web/src/messages/en/money/actions.ts';
import { words as shellWords } from '../../../apps/console/web/src/messages/en/shell.ts';
import { accountOfRole } from '../../../tools/openid/people.ts';
import { browserTests } from '../support/browser-tests.js';

browserTests('who did what', (test) => {
  test('is read from a thing in one click, and narrowed by filters that stand in the address', async (scene) => {
    const { scenario, person } = scene;
    const { personId } = await scenario.student();
    const admin = await person('admin');
    await admin.signIn('admin', `/persons/${personId}`);
    await admin.page.getByRole('link', { name: shellWords.nav.actions }).last().click();
    await admin.sees(shellWords.filteredTitle);
    await admin.page.goBack();
    await admin.page.getByRole('button', { name: 'Correct' }).click();
    await admin.page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Corrected Student');
    await admin.page.getByRole('button', { name: 'Save' }).click();
    await admin.page.getByRole('heading', { level: 1, name: 'Corrected Student' }).waitFor();
    await admin.page.getByRole('link', { name: shellWords.nav.actions }).last().click();
    const row = admin.page.getByRole('row').filter({ hasText: words.kinds['change-person'] as string });
    await row.getByRole('link', { name: accountOfRole.admin.subject }).waitFor();
    expect(await row.getByRole('link', { name: `…${personId.slice(-8)}` }).getAttribute('href')).toBe(
      `/persons/${personId}`,
    );
    await admin.stop();

    await admin.page.getByLabel(words.service).selectOption({ label: words.services.payments });
    await admin.sees(shellWords.filteredTitle);
    expect(new URL(admin.page.url()).searchParams.get('service')).toBe('payments');
    await admin.page.getByRole('button', { name: shellWords.dropFilter(words.services.payments) }).click();
    await row.waitFor();
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
    await admin.page.getByLabel(words.from).fill(today);
    await admin.page.getByLabel(words.until).fill(today);
    await row.waitFor();
    await admin.page.reload();
    await row.waitFor();
    expect(await admin.page.getByLabel(words.until).inputValue()).toBe(today);
    await admin.stop({ fits: true });
  });

  test('is read of the other services while one is away', async ({ person }) => {
    const admin = await person('admin');
    await admin.signIn('admin');
    await admin.page.route(
      (url) => url.pathname === '/api/admin/actions' && !url.searchParams.has('service'),
      (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          headers: { 'retry-after': '30' },
          body: JSON.stringify({
            ...{ type: 'about:blank', title: 'Away', status: 503, code: 'SERVICE_UNAVAILABLE', detail: 'Away.' },
            details: { unavailable_services: ['payments'] },
          }),
        }),
    );
    await admin.goto('/admin/actions');
    await admin.sees(words.awayTitle([words.services.payments]));
    await admin.stop({ statuses: [503] });
    await admin.page.getByRole('link', { name: words.onlyOf(words.services.promotions) }).click();
    await admin.page.getByRole('row').nth(1).waitFor();
    expect(new URL(admin.page.url()).searchParams.get('service')).toBe('promotions');
    await admin.stop();
  });
});
