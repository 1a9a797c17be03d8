import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { eventually } from '../support/eventually.js';
import { type Notification, type PaymentDetails, post } from '../support/messages/provider-notifications.js';
import { ApiClient } from '../support/stack/api-client.js';
import { proveInvariants, quiet, rows } from '../support/stack/invariants.js';
import { Scenario, type Student } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

const minutes = (count: number) => new Date(Date.now() + count * 60_000);

describe('bad input', () => {
  let stack: Stack;
  let scenario: Scenario;
  let student: Student;
  let priced: string;

  beforeAll(async () => {
    stack = await Stack.start();
    scenario = await Scenario.on(stack);
    student = await scenario.student();
    priced = await scenario.class({ priceMinor: 1_000 });
  });
  afterAll(() => stack.stop());

  /** Everything that bad input could have changed. */
  const state = async () => ({
    orders: await rows(stack, 'subscriptions', 'select id, state from orders order by id'),
    classes: await rows(stack, 'subscriptions', 'select id, seats_taken, parameters from classes order by id'),
    persons: await rows(stack, 'subscriptions', 'select id from persons order by id'),
    payments: await rows(stack, 'payments', 'select id from payment order by id'),
    accounts: await rows(stack, 'payments', 'select id, version from account order by id'),
  });

  const unchangedBy = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    const before = await state();
    const result = await act();
    expect(await state()).toEqual(before);
    return result;
  };

  describe('in a request', () => {
    const order = () => ({ person_id: student.personId, class_id: priced });

    it.each<[string, () => unknown, number, string]>([
      ['an unknown field', () => ({ ...order(), discount: 100 }), 400, '/discount'],
      ['a missing field', () => ({ person_id: student.personId }), 400, '/class_id'],
      ['a wrong type', () => ({ ...order(), class_id: 7 }), 400, '/class_id'],
      ['something that is no id', () => ({ ...order(), class_id: 'pottery' }), 400, '/class_id'],
      ['an array', () => [], 400, ''],
    ])('%s is named', async (_, body, status, field) => {
      const answer = await unchangedBy(() => student.api.post('/orders', body()));
      expect({ status: answer.status, field: answer.body.errors?.[0]?.field }).toEqual({ status, field });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.code).toMatch(/^[A-Z_]+$/);
      expect(answer.body.trace_id).toMatch(/^[0-9a-f]{32}$/);
    });

    it('broken JSON is a 400', async () => {
      const answer = await unchangedBy(() => student.api.post('/orders', '{"person_id":'));
      expect(answer.status).toBe(400);
    });

    it('more than can be read is a 413', async () => {
      const answer = await unchangedBy(() => student.api.post('/orders', { ...order(), note: 'x'.repeat(100_000) }));
      expect(answer.status).toBe(413);
    });
  });

  describe('about who asks', () => {
    const withToken = (token: string | undefined) =>
      new ApiClient(stack.gatewayUrl, token).get(`/persons/${student.personId}`);

    it('no token, a broken, an expired, a forged or a foreign one is a 401', async () => {
      const foreign = new SignJWT({ role: 'admin' })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer('https://elsewhere.example')
        .setAudience('matricula')
        .setSubject('admin')
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode('a secret of somebody else, long enough'));
      const good = await stack.token('admin', 'admin');
      const [header, , signature] = good.split('.');
      const forged = `${header}.${Buffer.from(JSON.stringify({ role: 'admin', sub: 'x' })).toString('base64url')}.${signature}`;
      const tokens = [undefined, 'nonsense', await stack.token('admin', 'admin', '-1m'), forged, await foreign];
      for (const token of tokens) {
        const { status, body } = await withToken(token);
        expect({ status, code: body.code }).toEqual({ status: 401, code: expect.stringMatching(/^[A-Z_]+$/) });
      }
    });

    it('a role that may not is a 403', async () => {
      const answer = await unchangedBy(() => student.api.post('/admin/classes', { title: 'Mine' }));
      expect(answer.status).toBe(403);
    });

    it('somebody else’s person, account and order are not there', async () => {
      const other = await scenario.student();
      const orderId = await scenario.order(other, await scenario.class({ priceMinor: 100 }));
      for (const path of [`/persons/${other.personId}`, `/persons/${other.personId}/account`, `/orders/${orderId}`]) {
        expect((await student.api.get(path)).status).toBe(404);
      }
      const cancelled = await unchangedBy(() => student.api.post(`/orders/${orderId}/cancel`));
      expect(cancelled.status).toBe(404);
      const listed = await student.api.get('/orders');
      expect(listed.body.items.map((order: { order_id: string }) => order.order_id)).not.toContain(orderId);
    });
  });

  describe('with an idempotency key', () => {
    it('the same request gets the same answer and is done once', async () => {
      const body = { person_id: student.personId, class_id: await scenario.class({ priceMinor: 100 }) };
      const key = { 'idempotency-key': randomUUID() };
      const first = await student.api.post('/orders', body, key);
      const again = await student.api.post('/orders', body, key);
      expect(first.status).toBe(201);
      expect(again.body).toEqual(first.body);
    });

    it('another body is a 422', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const classId = await scenario.class({ priceMinor: 100 });
      await student.api.post('/orders', { person_id: student.personId, class_id: classId }, key);
      const other = await unchangedBy(() =>
        student.api.post('/orders', { person_id: student.personId, class_id: priced }, key),
      );
      expect(other.status).toBe(422);
      expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    });

    it('many at once are done once; who does not get the answer gets a 409', async () => {
      const body = { person_id: student.personId, class_id: await scenario.class({ priceMinor: 100 }) };
      const key = { 'idempotency-key': randomUUID() };
      const answers = await Promise.all(Array.from({ length: 20 }, () => student.api.post('/orders', body, key)));
      const made = answers.filter(({ status }) => status === 201);
      expect(new Set(made.map(({ body: order }) => order.order_id)).size).toBe(1);
      expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    });
  });

  describe('in an order', () => {
    it('a full, unknown, ended or foreign-currency class has a code each, and so has a second open order', async () => {
      const full = await scenario.class({ priceMinor: 100, capacity: 1 });
      await scenario.order(await scenario.student(), full);
      const ended = await scenario.class({ priceMinor: 100, endDate: '2020-01-01' });
      const open = await scenario.class({ priceMinor: 100 });
      await scenario.order(student, open);
      const cases: [string, Record<string, unknown>, string][] = [
        ['full', { class_id: full }, 'CLASS_FULL'],
        ['unknown', { class_id: randomUUID() }, 'CLASS_NOT_FOUND'],
        ['ended', { class_id: ended }, 'CLASS_ENDED'],
        ['foreign', { class_id: priced, currency: 'JPY' }, 'CURRENCY_MISMATCH'],
        ['open already', { class_id: open }, 'ORDER_ALREADY_OPEN'],
      ];
      for (const [name, body, code] of cases) {
        const answer = await unchangedBy(() => student.api.post('/orders', { person_id: student.personId, ...body }));
        expect({ name, code: answer.body.code }).toEqual({ name, code });
        expect([404, 409, 422]).toContain(answer.status);
      }
    });

    it('a class whose parameters do not fit its rule names the parameter', async () => {
      const rule = await scenario.admin.made('/admin/subscription-rules', {
        title: 'Another rule',
        method: 'single_payment',
        parameters: [{ name: 'price', type: 'amount' }],
      });
      const terms = { title: 'A class', rule_id: rule.rule_id, time_zone: 'Europe/Berlin', currency: 'EUR' };
      for (const parameters of [{}, { price: 'free' }, { price: -1 }, { price: 100, tip: 1 }]) {
        const answer = await unchangedBy(() => scenario.admin.post('/admin/classes', { ...terms, parameters }));
        expect(answer.status).toBe(422);
        expect(JSON.stringify(answer.body)).toMatch(/price|tip/);
      }
      const zone = await unchangedBy(() =>
        scenario.admin.post('/admin/classes', { ...terms, time_zone: 'IST', parameters: { price: 1 } }),
      );
      expect(zone.body.code).toBe('TIME_ZONE_UNKNOWN');
    });
  });

  describe('from a provider', () => {
    const notice = (details: Partial<PaymentDetails> = {}) =>
      scenario.notification({ amountMinor: 1_000, currency: 'EUR', personId: student.personId, ...details });

    it.each<[string, () => Notification, number]>([
      ['no signature', () => ({ ...notice(), headers: { 'content-type': 'application/json' } }), 401],
      [
        'a wrong signature',
        () => ({ ...notice(), headers: { ...notice().headers, 'webhook-signature': 'v1,AAAA' } }),
        401,
      ],
      ['a body that was not signed', () => ({ ...notice(), body: notice({ amountMinor: 9_999 }).body }), 401],
      ['a stale timestamp', () => notice({ signedAt: minutes(-6) }), 401],
      ['a timestamp of the future', () => notice({ signedAt: minutes(6) }), 401],
      ['an unknown provider', () => ({ ...notice(), provider: 'nobody' as 'standard' }), 404],
    ])('%s is refused', async (_, notification, status) => {
      const answer = await unchangedBy(() => post(stack.webhooksUrl, notification()));
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });

    it.each<[string, Partial<PaymentDetails>]>([
      ['zero', { amountMinor: 0 }],
      ['negative', { amountMinor: -5 }],
      ['fractional', { amountMinor: 10.5 }],
      ['huge', { amountMinor: 10 ** 15 }],
      ['text', { amountMinor: '1000' }],
      ['of an unknown currency', { currency: 'ZZZ' }],
    ])('an amount that is %s is quarantined', async (_, events) => {
      expect(await unchangedBy(() => scenario.deliver(notice(events)))).toEqual({
        status: 200,
        verdict: 'quarantined',
      });
    });

    it('an unknown type is stored', async () => {
      const stored = await unchangedBy(() => scenario.deliver(notice({ type: 'customer.birthday' })));
      expect(stored).toEqual({ status: 200, verdict: 'stored' });
    });

    it('the same id with another amount is quarantined', async () => {
      const eventId = `evt_${randomUUID()}`;
      const paymentId = `pay_${randomUUID()}`;
      expect((await scenario.deliver(notice({ eventId, paymentId }))).verdict).toBe('applied');
      await quiet(stack);
      const again = await unchangedBy(() => scenario.deliver(notice({ eventId, paymentId, amountMinor: 2_000 })));
      expect(again).toEqual({ status: 200, verdict: 'quarantined' });

      const quarantined = async (query = '') => {
        const { body } = await scenario.admin.get(`/admin/payments/quarantined${query}`);
        return body.items.filter((item: { event_id: string }) => item.event_id === eventId);
      };
      const [found, ...others] = await quarantined();
      expect(others).toEqual([]);
      expect(found).toMatchObject({ provider: 'standard', reason: 'EVENT_ID_REUSED', dismissal: null });
      expect(JSON.parse(found.body).data).toMatchObject({ payment_id: paymentId, amount_minor: 2_000 });
      const token = await stack.token('ops', 'olga');
      const [operator, ops] = [new ApiClient(stack.gatewayUrl, token), new ApiClient(stack.opsUrl, token)];
      await eventually(async () => {
        const { concerns } = (await ops.get('/overview')).body;
        expect(concerns).toContainEqual(expect.stringMatching(/ of (a provider is|providers are) quarantined, /));
      });
      const path = `/admin/payments/quarantined/${found.notification_id}/dismiss`;
      const dismissed = await operator.post(path, { note: 'the provider’s mistake' });
      expect(dismissed).toMatchObject({ status: 200, body: { dismissed_by: 'olga', note: 'the provider’s mistake' } });
      expect((await scenario.admin.post(path, { note: 'seen as well' })).body).toEqual(dismissed.body);
      expect(await quarantined()).toEqual([]);
      expect(await quarantined('?state=dismissed')).toMatchObject([{ dismissal: { dismissed_by: 'olga' } }]);
      const elsewhere = `/admin/payments/quarantined/${randomUUID()}/dismiss`;
      expect(await operator.post(elsewhere, { note: 'none' })).toMatchObject({
        status: 404,
        body: { code: 'NOTIFICATION_NOT_FOUND' },
      });
    });
  });

  it('leaves nothing broken behind', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
  });
});
