import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpBrowser } from '../support/console/http-browser.js';
import { proveInvariants, quiet } from '../support/stack/invariants.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

describe('a person and two classes', () => {
  let stack: Stack;
  let scenario: Scenario;

  beforeAll(async () => {
    stack = await Stack.start({ console: true });
    scenario = await Scenario.on(stack);
  });
  afterAll(() => stack.stop());

  it('joins a free class at once', async () => {
    const student = await scenario.student();
    const classId = await scenario.class();
    const { status, body } = await student.api.post('/orders', { person_id: student.personId, class_id: classId });
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'closed', amount_minor: 0, expires_at: null });
    expect(await scenario.studentsOf(classId)).toEqual([student.personId]);
  });

  it('signs in to the console for the first time, orders, and watches the order close', async () => {
    const classId = await scenario.class({ priceMinor: 2_500 });
    const browser = new HttpBrowser();
    const email = `new-${randomUUID()}@example.org`;
    const page = await browser.signIn(stack.consoleUrl, { name: 'New Member', email }, `/classes/${classId}`);
    expect(page).toMatchObject({ status: 200, url: `${stack.consoleUrl}/classes/${classId}` });
    const session = (await (await browser.send(`${stack.consoleUrl}/auth/session`)).json()) as { person_id: string };

    const opened = await browser.send(`${stack.consoleUrl}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ person_id: session.person_id, class_id: classId }),
    });
    expect(opened.status).toBe(201);
    const { order_id: orderId } = (await opened.json()) as { order_id: string };
    const stream = await browser.send(`${stack.consoleUrl}/api/orders/${orderId}/events`);
    await scenario.pay({ amountMinor: 2_500, orderId });
    // The stream ends with the last step of the order.
    const names = [...(await stream.text()).matchAll(/^event: ?(.+)$/gm)].map(([, name]) => name);
    expect(names).toEqual(['opened', 'confirmed', 'closed', 'settled']);
    expect(await scenario.studentsOf(classId)).toEqual([session.person_id]);
  });

  it('joins a priced class when the money is there, keeps the surplus, and pays the next class from it', async () => {
    const student = await scenario.student();
    const first = await scenario.class({ priceMinor: 4_900 });
    const second = await scenario.class({ priceMinor: 4_000 });
    const orderId = await scenario.order(student, first);
    expect((await student.api.get(`/orders/${orderId}`)).body.state).toBe('opened');
    expect(await scenario.studentsOf(first)).toEqual([]);

    expect(await scenario.pay({ amountMinor: 6_000, orderId })).toEqual({ status: 200, verdict: 'applied' });
    await scenario.settled(orderId);
    expect(await scenario.studentsOf(first)).toEqual([student.personId]);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 1_100, reserved: 0, available: 1_100 });

    const next = await scenario.order(student, second);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 1_100, reserved: 0, available: 1_100 });
    const paymentId = `pi_${randomUUID()}`;
    expect(await scenario.pay({ paymentId, amountMinor: 2_900, personId: student.personId }, 'stripe')).toEqual({
      status: 200,
      verdict: 'applied',
    });
    await scenario.settled(next);
    const { body: trail } = await student.api.get(`/orders/${next}/money`);
    expect(trail.payments).toMatchObject([{ provider: 'stripe', reference: paymentId, order_id: null }]);
    const covering = trail.payments[0].payment_id;
    expect(trail.transfers).toMatchObject([{ movement: 'reserve', state: 'posted', payment_id: covering }]);
    expect(await scenario.studentsOf(second)).toEqual([student.personId]);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 0, reserved: 0, available: 0 });

    const { body: statement } = await student.api.get(`/persons/${student.personId}/account/entries`);
    expect(statement.items.map((entry: { amount_minor: number }) => entry.amount_minor)).toEqual([
      -4_000, 2_900, -4_900, 6_000,
    ]);
    expect(statement.items.map((entry: { balance_after_minor: number }) => entry.balance_after_minor)).toEqual([
      0, 4_000, 1_100, 6_000,
    ]);
  });

  it('streams the order’s steps live, from the first on', async () => {
    const student = await scenario.student();
    const orderId = await scenario.order(student, await scenario.class({ priceMinor: 500 }));
    const token = await stack.token('member', student.personId);
    const stream = await fetch(`${stack.gatewayUrl}/api/orders/${orderId}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const events = stream.text();
    await scenario.pay({ amountMinor: 500, orderId });
    const steps = [...(await events).matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data as string).name);
    expect(steps).toEqual(['opened', 'confirmed', 'closed', 'settled']);
  });

  it('waits for approval where a class wants it', async () => {
    const student = await scenario.student();
    const classId = await scenario.class({ priceMinor: 700, approvalRequired: true });
    const orderId = await scenario.order(student, classId);
    await scenario.pay({ amountMinor: 700, orderId });
    await scenario.orderIn('confirmed', orderId);
    expect(await scenario.studentsOf(classId)).toEqual([]);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 700, reserved: 700, available: 0 });
    expect((await student.api.post(`/admin/orders/${orderId}/approve`)).status).toBe(403);
    expect((await scenario.admin.post(`/admin/orders/${orderId}/approve`)).body.state).toBe('closed');
    await scenario.settled(orderId);
    expect(await scenario.studentsOf(classId)).toEqual([student.personId]);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 0, reserved: 0, available: 0 });
  });

  it('takes cash at the counter on the same path', async () => {
    const student = await scenario.student();
    const orderId = await scenario.order(student, await scenario.class({ priceMinor: 1_500 }));
    const receipt = {
      order_id: orderId,
      amount_minor: 1_500,
      currency: 'EUR',
      method: 'cash',
      reference: `receipt ${orderId}`,
    };
    const paid = await scenario.admin.post('/admin/payments', receipt, { 'idempotency-key': `cash-${orderId}` });
    expect(paid.status).toBe(201);
    await scenario.settled(orderId);
    const { body: money } = await scenario.admin.get(`/orders/${orderId}/money`);
    expect(money.receivable.state).toBe('settled');
    expect(money.payments).toHaveLength(1);
  });

  it('leaves books that balance', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
    const { body } = await scenario.admin.get('/admin/ledger/trial-balance');
    expect(body.balanced).toBe(true);
  });
});
