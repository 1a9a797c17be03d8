import { expect } from '@jest/globals';
import { words as classWords } from '../../../apps/console/web/src/messages/en/classes.ts';
import { words as orderWords } from '../../../apps/console/web/src/messages/en/orders.ts';
import { words as shellWords } from '../../../apps/console/web/src/messages/en/shell.ts';
import { browserTests } from '../support/browser-tests.js';
import { newMember, offeredClass } from '../support/offered.ts';

browserTests('before it is done, a page says', (test) => {
  test('what a cancellation does to money that does not cover the order yet', async ({ scenario, person }) => {
    const { classId } = await offeredClass(scenario, { priceMinor: 4_900 });
    const member = await person('member');
    await member.signIn(newMember(), `/classes/${classId}`);
    await member.page.getByRole('button', { name: classWords.order, exact: true }).click();
    await member.page.waitForURL(/\/orders\//);
    const cancel = member.page.getByRole('button', { name: orderWords.cancel });
    await cancel.click();
    await member.sees(orderWords.cancelNothingPaid);
    await member.page.getByRole('button', { name: orderWords.keep }).click();

    const orderId = new URL(member.page.url()).pathname.split('/').at(-1) as string;
    await scenario.pay({ amountMinor: 2_000, orderId });
    await member.page.reload();
    await member.settled();
    await cancel.click();
    await member.sees(orderWords.cancelBalance('€20.00'));
    await member.stop();
  });

  test('that a code in its address cannot be checked now, and orders only without it', async ({ scenario, person }) => {
    const { classId } = await offeredClass(scenario, { priceMinor: 4_900 });
    const { code } = await scenario.code({ kind: 'discount', percent_bp: 2_000 });
    const member = await person('member');
    await member.signIn(newMember());
    const away = { code: 'SERVICE_UNAVAILABLE', title: 'Away', detail: 'Away.', status: 503, type: 'about:blank' };
    await member.page.route(
      (url) => url.pathname.endsWith('/quote'),
      (route) =>
        route.request().postDataJSON()?.promo_codes
          ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(away) })
          : route.continue(),
    );
    await member.goto(`/classes/${classId}?codes=${encodeURIComponent(JSON.stringify([code]))}`);
    await member.sees(classWords.codesAway);
    const order = member.page.getByRole('button', { name: classWords.order, exact: true });
    expect(await order.count()).toBe(0);
    await member.stop({ statuses: [503] });
    await member.page.getByRole('button', { name: classWords.withoutCodes }).click();
    await order.waitFor();
    expect(new URL(member.page.url()).search).toBe('');
    await member.stop({ statuses: [503] });
  });

  test('that an id is not whole, instead of searching for a part of it', async ({ person }) => {
    const admin = await person('admin');
    await admin.signIn('admin', '/admin/decisions');
    await admin.page.getByRole('searchbox').first().fill('5b326e89');
    await admin.sees(shellWords.notId);
    expect(admin.requests().filter((request) => request.includes('receipts'))).toHaveLength(1);
    await admin.stop();
  });
});
