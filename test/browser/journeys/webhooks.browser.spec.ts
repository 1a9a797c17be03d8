import { expect } from '@jest/globals';
import { words as shellWords } from '../../../apps/console/web/src/messages/en/shell.ts';
import { words } from '../../../apps/console/web/src/messages/en/system/webhooks.ts';
import { accepts, Receiver } from '../../../apps/notifications/test/receiver.ts';
import { eventually } from '../../support/eventually.js';
import { browserTests } from '../support/browser-tests.js';

const type = 'subscriptions.class-published.v1';

browserTests('an admin and a webhook', (test) => {
  test('creates an endpoint, sees its secret once, tests it, rotates, pauses, and delivers again', async ({
    scenario,
    person,
  }) => {
    await using receiver = await Receiver.open();
    const admin = await person('admin');
    const { page } = admin;
    const press = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    /** The secret that the dialog shows. */
    const secretShown = async () => {
      const dialog = page.getByRole('dialog', { name: words.secretTitle });
      const secret = (await dialog.locator('code').textContent()) ?? '';
      expect(secret).toMatch(/^whsec_/);
      await press(words.done);
      await dialog.waitFor({ state: 'detached' });
      return secret;
    };

    await admin.signIn('admin', '/admin/webhooks');
    await page.getByRole('button', { name: words.create }).click();
    await page.getByLabel(words.url).fill('ftp://nowhere.example.org/');
    await page.getByLabel(type).check();
    await press(words.create);
    await page.getByText('https://').first().waitFor();
    await admin.stop({ statuses: [422] });
    await page.getByLabel(words.url).fill(receiver.url);
    await press(words.create);
    const first = await secretShown();
    await page.getByRole('heading', { level: 1, name: words.endpoint }).waitFor();
    await page.getByRole('button', { name: shellWords.asRequest }).click();
    await page.getByRole('dialog').getByText('POST').first().waitFor();
    expect(await page.content()).not.toContain(first.slice('whsec_'.length));
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: words.ping }).click();
    await press(words.ping);
    await page.getByRole('cell').getByText(words.deliveryStates.delivered).first().waitFor();
    expect(accepts(first, receiver.received[0] as never)).toBe(true);
    await admin.stop();

    await page.getByRole('button', { name: words.rotate }).click();
    await press(words.rotate);
    const second = await secretShown();
    const { length } = receiver.received;
    await scenario.class({ priceMinor: 900 });
    await eventually(() => expect(receiver.received.length).toBeGreaterThan(length));
    const posted = receiver.received.at(-1) as never;
    expect([accepts(first, posted), accepts(second, posted)]).toEqual([true, true]);

    await page.getByRole('button', { name: words.open, exact: true }).first().click();
    await page.getByRole('dialog', { name: words.delivery }).waitFor();
    await admin.stop();
    const before = receiver.received.length;
    await press(words.replay);
    await eventually(() => expect(receiver.received.length).toBe(before + 1));
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: words.pause }).click();
    await press(words.pause);
    await page.locator('.status').getByText(words.states.paused, { exact: true }).waitFor();
    await admin.stop();
  });
});
