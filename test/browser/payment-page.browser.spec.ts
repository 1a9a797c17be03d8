import { expect } from '@jest/globals';
import { browserTests, type Scene } from './support/browser-tests.js';
import type { Appearance } from './support/person.ts';

/** The page of the provider emulator, as a person has it on the way from an order and back. */
async function paymentPage({ scenario }: Scene): Promise<{ orderId: string; url: string }> {
  const student = await scenario.student();
  const orderId = await scenario.order(student, await scenario.class({ priceMinor: 4_900 }));
  const { url } = await student.api.made(`/orders/${orderId}/checkout`);
  return { orderId, url };
}

browserTests('the payment page', (test) => {
  const appearances: readonly (readonly [string, Appearance])[] = [
    ['on a wide screen', { width: 1280 }],
    ['at 320 pixels', { width: 320 }],
    ['in the dark', { width: 390, dark: true }],
    ['in forced colours', { width: 390, forcedColors: true }],
  ];
  for (const [title, appearance] of appearances) {
    test(`is whole ${title}, before and after it is paid`, async (scene) => {
      const { url } = await paymentPage(scene);
      const payer = await scene.person('payer', appearance);
      await payer.open(url);
      await payer.sees('€49.00');
      await payer.stop({ fits: true });
      await payer.page.getByLabel('Amount in EUR').first().fill('nothing');
      await payer.page.getByRole('button', { name: 'Pay a part' }).click();
      await payer.sees('“nothing” is no amount.');
      await payer.stop({ fits: true, statuses: [409] });
      await payer.page.getByRole('button', { name: 'Pay twice' }).click();
      // The order is not shown to somebody who is signed out: the console goes on to the sign-in.
      await payer.page.waitForURL(/\/sign-in\/[\w-]+$/);
      await payer.open(url);
      await payer.sees('This was paid.');
      await payer.page.getByRole('button', { name: 'The payer disputes it' }).first().click();
      await payer.sees('dispute: needs response');
      await payer.stop({ fits: true, statuses: [401] });
      await payer.open(scene.stack.emulatorUrl);
      await payer.stop({ fits: true });
    });
  }

  test('is paid by the keyboard alone, and the order closes', async (scene) => {
    const { orderId, url } = await paymentPage(scene);
    const payer = await scene.person('payer');
    await payer.open(url);
    const focused = () =>
      payer.page.evaluate<[string, string]>(
        '[document.activeElement.textContent, getComputedStyle(document.activeElement).outlineStyle]',
      );
    for (let presses = 0; presses < 5 && (await focused())[0] !== 'Pay €49.00'; presses += 1) {
      await payer.page.keyboard.press('Tab');
    }
    expect(await focused()).toEqual(['Pay €49.00', 'solid']);
    await payer.page.keyboard.press('Enter');
    await payer.page.waitForURL(new RegExp(`/orders/${orderId}[?]paid=yes`));
    await scene.scenario.settled(orderId);
  });
});
