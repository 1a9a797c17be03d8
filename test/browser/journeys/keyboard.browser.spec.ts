import { words as classWords } from '../../../apps/console/web/src/messages/de/classes.ts';
import { words as orderWords } from '../../../apps/console/web/src/messages/de/orders.ts';
import { browserTests } from '../support/browser-tests.js';
import { press, tabTo } from '../support/keyboard.ts';
import { offeredClass } from '../support/offered.ts';

browserTests('a member without a mouse', (test) => {
  test('buys a class in German, on 320 pixels, in forced colours', async ({ scenario, person }) => {
    const { title } = await offeredClass(scenario, { priceMinor: 4_900 });
    const member = await person('member', { width: 320, height: 640, forcedColors: true, locale: 'de-DE' });
    const { page } = member;
    await member.goto('/auth/sign-in?return_to=/classes');
    await press(member, page.locator('button[name=role][value=member]'));
    await page.waitForURL(/\/classes/);
    await member.settled();
    await member.stop({ fits: true });

    await tabTo(member, page.getByLabel(classWords.search));
    await page.keyboard.type(title);
    const link = page.getByRole('link', { name: title });
    await link.waitFor();
    await press(member, link);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await member.settled();
    await member.stop({ fits: true });

    await press(member, page.getByRole('button', { name: classWords.order, exact: true }));
    await page.getByRole('heading', { level: 1, name: orderWords.orderOf(title) }).waitFor();
    await member.settled();
    await member.stop({ fits: true });

    await press(member, page.getByRole('button', { name: orderWords.pay, exact: true }));
    await press(member, page.getByRole('button', { name: /^Pay €49\.00/ }));
    await page.waitForURL(/[?&]paid=yes/);
    await member.sees(orderWords.paidDone);
    await member.settled();
    await member.stop({ fits: true });
  });
});
