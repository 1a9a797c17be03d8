import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Campus } from '../support/campus.js';
import { proveInvariants, quiet } from '../support/invariants.js';
import { Stack } from '../support/stack.js';

describe('a person and two classes', () => {
  let stack: Stack;
  let campus: Campus;

  beforeAll(async () => {
    stack = await Stack.start();
    campus = await Campus.on(stack);
  });
  afterAll(() => stack.stop());

  it('joins a free class at once', async () => {
    const student = await campus.student();
    const classId = await campus.class();
    const { status, body } = await student.api.post('/orders', { person_id: student.personId, class_id: classId });
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'closed', amount_minor: 0, expires_at: null });
    expect(await campus.studentsOf(classId)).toEqual([student.personId]);
  });

  it('joins a priced class when the money is there, keeps the surplus, and pays the next class from it', async () => {
    const student = await campus.student();
    const first = await campus.class({ priceMinor: 4_900 });
    const second = await campus.class({ priceMinor: 4_000 });
    const orderId = await campus.order(student, first);
    expect((await student.api.get(`/orders/${orderId}`)).body.state).toBe('opened');
    expect(await campus.studentsOf(first)).toEqual([]);

    expect(await campus.pay({ amountMinor: 6_000, orderId })).toEqual({ status: 200, verdict: 'applied' });
    await campus.settled(orderId);
    expect(await campus.studentsOf(first)).toEqual([student.personId]);
    expect(await campus.balance(student.personId)).toEqual({ posted: 1_100, reserved: 0, available: 1_100 });

    const next = await campus.order(student, second);
    expect(await campus.balance(student.personId)).toEqual({ posted: 1_100, reserved: 0, available: 1_100 });
    const paymentId = `pi_${randomUUID()}`;
    expect(await campus.pay({ paymentId, amountMinor: 2_900, personId: student.personId }, 'stripe')).toEqual({
      status: 200,
      verdict: 'applied',
    });
    await campus.settled(next);
    const { body: trail } = await student.api.get(`/orders/${next}/money`);
    expect(trail.payments).toMatchObject([{ provider: 'stripe', reference: paymentId, order_id: null }]);
    const covering = trail.payments[0].payment_id;
    expect(trail.transfers).toMatchObject([{ movement: 'reserve', state: 'posted', payment_id: covering }]);
    expect(await campus.studentsOf(second)).toEqual([student.personId]);
    expect(await campus.balance(student.personId)).toEqual({ posted: 0, reserved: 0, available: 0 });

    const { body: statement } = await student.api.get(`/persons/${student.personId}/account/entries`);
    expect(statement.items.map((entry: { amount_minor: number }) => entry.amount_minor)).toEqual([
      -4_000, 2_900, -4_900, 6_000,
    ]);
    expect(statement.items.map((entry: { balance_after_minor: number }) => entry.balance_after_minor)).toEqual([
      0, 4_000, 1_100, 6_000,
    ]);
  });

  it('tells the order’s steps live, from the first on', async () => {
    const student = await campus.student();
    const orderId = await campus.order(student, await campus.class({ priceMinor: 500 }));
    const token = await stack.token('member', student.personId);
    const stream = await fetch(`${stack.gatewayUrl}/api/orders/${orderId}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const told = stream.text();
    await campus.pay({ amountMinor: 500, orderId });
    const steps = [...(await told).matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data as string).name);
    expect(steps).toEqual(['opened', 'confirmed', 'closed', 'settled']);
  });

  it('waits for approval where a class wants it', async () => {
    const student = await campus.student();
    const classId = await campus.class({ priceMinor: 700, approvalRequired: true });
    const orderId = await campus.order(student, classId);
    await campus.pay({ amountMinor: 700, orderId });
    await campus.orderIn('confirmed', orderId);
    expect(await campus.studentsOf(classId)).toEqual([]);
    expect(await campus.balance(student.personId)).toEqual({ posted: 700, reserved: 700, available: 0 });
    expect((await student.api.post(`/admin/orders/${orderId}/approve`)).status).toBe(403);
    expect((await campus.admin.post(`/admin/orders/${orderId}/approve`)).body.state).toBe('closed');
    await campus.settled(orderId);
    expect(await campus.studentsOf(classId)).toEqual([student.personId]);
    expect(await campus.balance(student.personId)).toEqual({ posted: 0, reserved: 0, available: 0 });
  });

  it('takes cash at the counter on the same path', async () => {
    const student = await campus.student();
    const orderId = await campus.order(student, await campus.class({ priceMinor: 1_500 }));
    const receipt = {
      order_id: orderId,
      amount_minor: 1_500,
      currency: 'EUR',
      method: 'cash',
      reference: `receipt ${orderId}`,
    };
    const paid = await campus.admin.post('/admin/payments', receipt, { 'idempotency-key': `cash-${orderId}` });
    expect(paid.status).toBe(201);
    await campus.settled(orderId);
    const { body: money } = await campus.admin.get(`/orders/${orderId}/money`);
    expect(money.receivable.state).toBe('settled');
    expect(money.payments).toHaveLength(1);
  });

  it('leaves books that balance', async () => {
    await quiet(stack);
    await proveInvariants(campus);
    const { body } = await campus.admin.get('/admin/ledger/trial-balance');
    expect(body.balanced).toBe(true);
  });
});
