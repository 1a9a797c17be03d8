import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { EmulatedProvider } from '../support/services/emulated-provider.js';
import { Scenario, type Student } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

/** Orders that are paid on the provider's page, by the real services and Stripe's SDK, and all that can follow. */
let stack: Stack;
let scenario: Scenario;
let provider: EmulatedProvider;
beforeAll(async () => {
  stack = await Stack.start({ payments: true });
  scenario = await Scenario.on(stack);
  provider = EmulatedProvider.at(stack.emulatorUrl);
}, 120_000);
afterAll(() => stack?.stop(), 60_000);

const priceMinor = 4_900;

async function ordered(price = priceMinor): Promise<{ student: Student; orderId: string }> {
  const student = await scenario.student();
  return { student, orderId: await scenario.order(student, await scenario.class({ priceMinor: price })) };
}

const checkout = ({ api }: Student, orderId: string, key = randomUUID()) =>
  api.post(`/orders/${orderId}/checkout`, undefined, { 'idempotency-key': key });

/** A page of an order that is paid on it in some way. */
async function onPage() {
  const { student, orderId } = await ordered();
  const { status, body } = await checkout(student, orderId);
  expect([status, body.amount_minor]).toEqual([200, priceMinor]);
  return { student, orderId, url: body.url as string };
}

const availableTo = async ({ personId }: Student) => (await scenario.balance(personId)).available;

describe('on the page of an order a person', () => {
  it('pays exactly: the order closes, and its money stands on the class', async () => {
    const { student, orderId, url } = await onPage();
    await provider.act(url, 'pay');
    await scenario.settled(orderId);
    expect(await availableTo(student)).toBe(0);
    const { notices } = await provider.delivered(url);
    expect(notices.map(({ type }) => type)).toEqual([
      'checkout.session.completed',
      'payment_intent.succeeded',
      'charge.succeeded',
    ]);
  });

  it('pays in part, and then the rest on a new page', async () => {
    const { student, orderId, url } = await onPage();
    await provider.act(url, 'pay-in-part', { amount: 2_000 });
    expect(await availableTo(student)).toBe(2_000);
    const { body } = await checkout(student, orderId);
    expect(body).toMatchObject({ amount_minor: 2_900, balance_minor: 2_000 });
    await provider.act(body.url, 'pay');
    await scenario.settled(orderId);
    expect(await availableTo(student)).toBe(0);
  });

  it('pays too much, or twice: the surplus is theirs', async () => {
    const more = await onPage();
    await provider.act(more.url, 'pay-too-much', { amount: 6_000 });
    await scenario.settled(more.orderId);
    expect(await availableTo(more.student)).toBe(1_100);
    const twice = await onPage();
    expect(await provider.act(twice.url, 'pay-twice')).toHaveLength(2);
    await scenario.settled(twice.orderId);
    expect(await availableTo(twice.student)).toBe(priceMinor);
  });

  it('pays late: meanwhile no other page is opened, and the order waits for the money', async () => {
    const { student, orderId, url } = await onPage();
    const [payment] = await provider.act(url, 'pay-late');
    expect(await checkout(student, orderId)).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_PAYABLE', details: { status: 'opened', waits_for: 'payment', lacks_minor: priceMinor } },
    });
    await provider.become(payment, 'arrive');
    await scenario.settled(orderId);
  });

  it('pays late an order that was cancelled meanwhile: the money is theirs', async () => {
    const { student, orderId, url } = await onPage();
    await provider.act(url, 'pay-late', { seconds: 1 });
    await student.api.made(`/orders/${orderId}/cancel`, {});
    await eventually(async () => expect(await availableTo(student)).toBe(priceMinor));
    await scenario.orderIn('cancelled', orderId);
  });

  it('pays without a name: the money is in suspense until an admin assigns it', async () => {
    const { student, orderId, url } = await onPage();
    const [payment] = await provider.act(url, 'pay-unnamed');
    const { body } = await scenario.admin.get('/admin/payments/unmatched?limit=200');
    const unmatched = body.items.find(({ reference }: { reference: string }) => reference === payment?.id);
    expect(unmatched).toMatchObject({ amount_minor: priceMinor, person_id_named: null });
    const assign = `/admin/payments/unmatched/${unmatched.payment_id}/assign`;
    await scenario.admin.made(assign, { person_id: student.personId }, { 'idempotency-key': randomUUID() });
    await scenario.settled(orderId);
  });

  it('gets the money back by a refund, and loses it again when the refund fails', async () => {
    const { student, orderId, url } = await onPage();
    const [payment] = await provider.act(url, 'pay-too-much', { amount: 6_000 });
    await scenario.settled(orderId);
    await provider.become(payment, 'refund', { amount: 1_100 });
    expect(await availableTo(student)).toBe(0);
    await provider.become(payment, 'fail-refund');
    expect(await availableTo(student)).toBe(1_100);
  });

  it('disputes a payment: what was spent is owed, until the dispute is won', async () => {
    const { student, orderId, url } = await onPage();
    const [payment] = await provider.act(url, 'pay');
    await scenario.settled(orderId);
    await provider.become(payment, 'dispute');
    const owed = async () =>
      (await scenario.admin.get(`/persons/${student.personId}/account`)).body.balances[0].owed_minor;
    expect(await owed()).toBe(priceMinor);
    await provider.become(payment, 'win-dispute');
    expect(await owed()).toBe(0);
  });

  it('disputes a payment, and the bank agrees: it stays owed, and the next page asks for it too', async () => {
    const { student, orderId, url } = await onPage();
    const [payment] = await provider.act(url, 'pay');
    await scenario.settled(orderId);
    await provider.become(payment, 'dispute');
    await provider.become(payment, 'lose-dispute');
    const next = await scenario.order(student, await scenario.class({ priceMinor: 1_000 }));
    const { body } = await checkout(student, next);
    expect(body).toMatchObject({ amount_minor: 1_000 + priceMinor, debt_minor: priceMinor });
    await provider.act(body.url, 'pay');
    await scenario.settled(next);
  });

  it('is sent back to the order by the form of the page, which no other site can post', async () => {
    const { orderId, url } = await onPage();
    const page = await fetch(url);
    const text = await page.text();
    expect([page.status, text.includes('€49.00'), text.includes('<script')]).toEqual([200, true, false]);
    expect(page.headers.get('content-security-policy')).toContain(`default-src 'none'; style-src 'self'; form-action`);
    const pay = (site: string) =>
      fetch(`${url}/pay`, { method: 'POST', redirect: 'manual', headers: { 'sec-fetch-site': site } });
    expect((await pay('cross-site')).status).toBe(403);
    const paid = await pay('same-origin');
    expect([paid.status, paid.headers.get('location')]).toEqual([
      303,
      expect.stringMatching(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/orders/${orderId}\\?paid=yes$`)),
    ]);
    expect((await pay('same-origin')).status).toBe(409);
    await scenario.settled(orderId);
  });
});

describe('a page', () => {
  it('is one for two simultaneous requests', async () => {
    const { student, orderId } = await ordered();
    const pages = await Promise.all([checkout(student, orderId), checkout(student, orderId)]);
    expect(new Set(pages.map(({ body }) => body.url)).size).toBe(1);
  });

  it('is not opened for an order that is free, cancelled, closed, or somebody else’s', async () => {
    const { student, orderId } = await ordered();
    const other = await scenario.student();
    expect(await checkout(other, orderId)).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    await student.api.made(`/orders/${orderId}/cancel`, {});
    const free = await scenario.order(student, await scenario.class());
    const paid = await onPage();
    await provider.act(paid.url, 'pay');
    await scenario.settled(paid.orderId);
    for (const [buyer, ended, status] of [
      [student, orderId, 'cancelled'],
      [student, free, 'closed'],
      [paid.student, paid.orderId, 'closed'],
    ] as const) {
      const details = { status, waits_for: null, lacks_minor: 0 };
      expect(await checkout(buyer, ended)).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_PAYABLE', details } });
    }
  });

  it('asks for the part that is not covered, and takes no payment of another amount any more', async () => {
    const { student, orderId, url } = await onPage();
    await scenario.pay({ amountMinor: 4_000, personId: student.personId });
    const { body } = await checkout(student, orderId);
    expect(body).toMatchObject({ amount_minor: 900, balance_minor: 4_000 });
    await expect(provider.act(url, 'pay')).rejects.toThrow('The time to pay this is over.');
    await provider.act(body.url, 'pay');
    await scenario.settled(orderId);
  });
});

describe('a notification', () => {
  it('that comes again changes nothing', async () => {
    const { student, orderId, url } = await onPage();
    await provider.act(url, 'pay');
    await scenario.settled(orderId);
    const { notices } = await provider.delivered(url);
    for (const { id } of notices) await provider.resend(id);
    expect(await availableTo(student)).toBe(0);
  });

  it('is repeated until the payment service is back', async () => {
    const { orderId, url } = await onPage();
    const payments = stack.service('payments');
    await payments.kill();
    await provider.act(url, 'pay');
    expect((await provider.page(url)).notices.map(({ state }) => state)).toContain('waiting');
    await payments.start();
    await scenario.settled(orderId);
    await provider.delivered(url);
  }, 60_000);
});

it('and after all of this the books are right', async () => {
  expect(await stack.verify('payments')).toMatchObject({ code: 0 });
});
