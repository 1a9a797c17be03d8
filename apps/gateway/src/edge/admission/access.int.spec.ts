import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { requests } from '#contracts/catalogue.js';
import { getAccount, getOrderMoney } from '#contracts/payments/accounts.js';
import { assignPayment } from '#contracts/payments/payments.js';
import { dismissNotification } from '#contracts/payments/quarantined-notifications.js';
import { listEnrolments } from '#contracts/subscriptions/classes.js';
import { cancelOrder, getOrder, getOrderProgress, listOrders, openOrder } from '#contracts/subscriptions/orders.js';
import { getPerson, registerPerson } from '#contracts/subscriptions/persons.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';
import { ApiClient } from '../../../../../test/support/stack/api-client.js';
import { examples } from '../../documents/examples.js';

const roles = ['member', 'publisher', 'admin', 'ops'];
const id = '0198c0de-7a11-7c3e-8f00-3b5d1f6a00ff';
const deliveryId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0dd1';
const typeName = 'weekday';

/** Who may call what: the law, written down a second time. */
const law: [string, string, string][] = [
  ['POST', '/persons', 'member admin'],
  ['GET', `/persons/${id}`, 'member admin ops'],
  ['PATCH', `/persons/${id}`, 'member'],
  ['GET', '/admin/persons', 'admin ops'],
  ['PATCH', `/admin/persons/${id}`, 'admin'],
  ['GET', `/persons/${id}/account`, 'member admin ops'],
  ['GET', `/persons/${id}/account/entries`, 'member admin ops'],
  ['GET', `/persons/${id}/enrolments`, 'member admin ops'],
  ['GET', '/classes', 'member publisher admin ops'],
  ['GET', `/classes/${id}`, 'member publisher admin ops'],
  ['POST', `/classes/${id}/quote`, 'member publisher admin ops'],
  ['POST', '/orders', 'member admin'],
  ['GET', '/orders', 'member admin ops'],
  ['GET', `/orders/${id}`, 'member admin ops'],
  ['GET', `/orders/${id}/money`, 'member admin ops'],
  ['GET', `/orders/${id}/events`, 'member admin ops'],
  ['POST', `/orders/${id}/stream-ticket`, 'member admin ops'],
  ['POST', `/orders/${id}/cancel`, 'member admin'],
  ['GET', '/subscriptions', 'member admin ops'],
  ['GET', `/subscriptions/${id}`, 'member admin ops'],
  ['GET', `/subscriptions/${id}/explanation`, 'member admin ops'],
  ['GET', `/orders/${id}/explanation`, 'member admin ops'],
  ['POST', `/orders/${id}/checkout`, 'member admin'],
  ['POST', '/admin/parameter-types', 'admin'],
  ['GET', '/admin/parameter-types', 'admin ops'],
  ['POST', '/admin/parameter-types/check', 'admin ops'],
  ['GET', `/admin/parameter-types/${typeName}`, 'admin ops'],
  ['PATCH', `/admin/parameter-types/${typeName}`, 'admin'],
  ['GET', '/admin/subscription-methods', 'admin ops'],
  ['POST', '/admin/subscription-rules/preview', 'admin ops'],
  ['POST', '/admin/subscription-rules', 'admin'],
  ['POST', `/admin/subscription-rules/${id}/versions`, 'admin'],
  ['GET', '/admin/subscription-rules', 'admin ops'],
  ['GET', `/admin/subscription-rules/${id}`, 'admin ops'],
  ['POST', '/admin/classes', 'admin'],
  ['PATCH', `/admin/classes/${id}`, 'admin'],
  ['GET', '/admin/classes', 'admin ops'],
  ['GET', `/admin/classes/${id}`, 'admin ops'],
  ['GET', `/admin/classes/${id}/students`, 'admin ops'],
  ['POST', `/admin/orders/${id}/approve`, 'admin'],
  ['POST', '/admin/payments', 'admin'],
  ['GET', '/admin/payments/unmatched', 'admin ops'],
  ['POST', `/admin/payments/unmatched/${id}/assign`, 'admin'],
  ['POST', `/admin/payments/${id}/refunds`, 'admin'],
  ['POST', `/admin/payments/${id}/correct`, 'admin'],
  ['POST', `/admin/payments/${id}/reassign`, 'admin'],
  ['POST', `/admin/persons/${id}/payouts`, 'admin'],
  ['POST', `/admin/payments/unmatched/${id}/dismiss`, 'admin'],
  ['GET', '/admin/payments/waiting-refunds', 'admin ops'],
  ['GET', '/admin/payments/missing-refunds', 'admin ops'],
  ['POST', `/admin/orders/${id}/write-off`, 'admin'],
  ['GET', '/admin/payments/quarantined', 'admin ops'],
  ['POST', `/admin/payments/quarantined/${id}/dismiss`, 'admin ops'],
  ['GET', '/admin/actions', 'admin ops'],
  ['GET', '/admin/ledger/trial-balance', 'admin ops'],
  ['POST', '/promo-codes/validate', 'member publisher admin'],
  ['POST', '/promo-codes/apply', 'member admin'],
  ['GET', `/persons/${id}/promo-codes`, 'member admin ops'],
  ['POST', '/conversions', 'admin'],
  ['GET', `/conversions/${id}`, 'admin ops'],
  ['POST', `/conversions/${id}/reverse`, 'admin'],
  ['POST', '/admin/offers', 'admin'],
  ['GET', '/admin/offers', 'admin ops'],
  ['GET', `/admin/offers/${id}`, 'admin ops'],
  ['PATCH', `/admin/offers/${id}`, 'admin'],
  ['DELETE', `/admin/offers/${id}`, 'admin'],
  ['POST', '/admin/promo-codes', 'admin'],
  ['GET', '/admin/promo-codes', 'admin ops'],
  ['GET', `/admin/promo-codes/${id}`, 'admin ops'],
  ['PATCH', `/admin/promo-codes/${id}`, 'admin'],
  ['POST', `/admin/promo-codes/${id}/activate`, 'admin'],
  ['POST', `/admin/promo-codes/${id}/pause`, 'admin'],
  ['POST', `/admin/promo-codes/${id}/archive`, 'admin'],
  ['GET', `/admin/promo-codes/${id}/audit`, 'admin ops'],
  ['GET', `/admin/promo-codes/${id}/persons`, 'admin ops'],
  ['GET', `/admin/promo-codes/${id}/openings`, 'admin ops'],
  ['POST', '/admin/promo-codes/generate', 'admin'],
  ['POST', '/admin/promo-codes/import', 'admin'],
  ['GET', '/admin/promo-codes/export', 'admin ops'],
  ['GET', `/admin/promo-code-batches/${id}`, 'admin ops'],
  ['GET', '/publisher/promo-codes', 'publisher'],
  ['GET', `/publisher/promo-codes/${id}`, 'publisher'],
  ['GET', `/publisher/promo-codes/${id}/openings`, 'publisher'],
  ['GET', `/admin/promo-codes/${id}/offer-analytics`, 'admin ops'],
  ['GET', `/admin/promo-codes/${id}/user-applications`, 'admin ops'],
  ['GET', `/admin/promo-codes/${id}/user-applications.csv`, 'admin ops'],
  ['GET', `/admin/promo-codes/${id}/series`, 'admin ops'],
  ['GET', `/admin/promo-codes/${id}/receipts`, 'admin ops'],
  ['GET', `/admin/promo-codes/${id}/proof`, 'admin ops'],
  ['GET', '/admin/promotions/top-codes', 'admin ops'],
  ['GET', '/admin/promotions/receipts', 'admin ops'],
  ['GET', `/publisher/promo-codes/${id}/offer-analytics`, 'publisher'],
  ['GET', `/publisher/promo-codes/${id}/series`, 'publisher'],
  ['GET', '/persons/me', 'member'],
  ['GET', '/admin/orders/queues', 'admin ops'],
  ['GET', '/admin/payments', 'admin ops'],
  ['GET', '/admin/ledger/accounts', 'admin ops'],
  ['GET', `/admin/ledger/accounts/${id}/entries`, 'admin ops'],
  ['GET', `/admin/ledger/transfers/${id}`, 'admin ops'],
  ['GET', `/admin/payments/unmatched/${id}/candidates`, 'admin ops'],
  ['GET', `/admin/payments/${id}`, 'admin ops'],
  ['POST', '/admin/promo-codes/preview-openings', 'admin'],
  ['GET', '/admin/promo-code-batches', 'admin ops'],
  ['GET', `/publisher/promo-codes/${id}/refusals`, 'publisher'],
  ['GET', `/admin/promo-codes/${id}/refusals`, 'admin ops'],
  ['POST', `/admin/promo-codes/${id}/simulate`, 'admin ops'],
  ['GET', `/admin/promotions/receipts/${id}`, 'admin ops'],
  ['GET', `/persons/${id}/promo-code-receipts`, 'member admin ops'],
  ['POST', `/admin/subscription-rules/${id}/retire`, 'admin'],
  ['POST', `/admin/subscription-rules/${id}/reinstate`, 'admin'],
  ['POST', '/admin/webhook-endpoints', 'admin'],
  ['GET', '/admin/webhook-endpoints', 'admin ops'],
  ['GET', `/admin/webhook-endpoints/${id}`, 'admin ops'],
  ['PATCH', `/admin/webhook-endpoints/${id}`, 'admin'],
  ['DELETE', `/admin/webhook-endpoints/${id}`, 'admin'],
  ['POST', `/admin/webhook-endpoints/${id}/pause`, 'admin'],
  ['POST', `/admin/webhook-endpoints/${id}/resume`, 'admin'],
  ['POST', `/admin/webhook-endpoints/${id}/ping`, 'admin'],
  ['POST', `/admin/webhook-endpoints/${id}/rotate-secret`, 'admin'],
  ['POST', `/admin/webhook-endpoints/${id}/replay`, 'admin'],
  ['GET', `/admin/webhook-endpoints/${id}/deliveries`, 'admin ops'],
  ['GET', `/admin/webhook-endpoints/${id}/deliveries/${deliveryId}`, 'admin ops'],
  ['POST', `/admin/webhook-endpoints/${id}/deliveries/${deliveryId}/replay`, 'admin'],
  ['GET', '/admin/webhook-event-types', 'admin ops'],
];

describe('access', () => {
  let environment: GatewayEnvironment;
  let url: string;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    url = await environment.gateway();
  });
  beforeEach(() => environment.reset());
  afterAll(() => environment.close());

  const as = (role: string, sub?: string) => environment.client(url, { role, sub });

  describe('by role', () => {
    beforeEach(() => {
      for (const contract of requests) {
        environment.on(contract, () => {
          throw new Refusal('CLASS_NOT_FOUND', 'There is no such class.');
        });
      }
    });

    it.each(law)('%s %s is for %s', async (method, path, allowed) => {
      for (const role of roles) {
        const { status } = await (await as(role)).request(method, path, method === 'GET' ? undefined : {});
        const answer = status === 403 || status === 401 ? status : 'let in';
        expect([role, answer]).toEqual([role, allowed.split(' ').includes(role) ? 'let in' : 403]);
      }
      expect((await new ApiClient(url, undefined).request(method, path)).status).toBe(401);
    });

    it('is laid down for every endpoint of the API documents', async () => {
      const { paths } = (await (await fetch(`${url}/docs/json`)).json()) as { paths: Record<string, object> };
      const documented = Object.entries(paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
      );
      const known = law.map(
        ([method, path]) =>
          `${method} /api${path.replace(id, '{id}').replace(deliveryId, '{delivery_id}').replace(typeName, '{name}')}`,
      );
      expect(documented.sort()).toEqual(known.sort());
    });
  });

  describe('a request', () => {
    it.each([
      ['without a token', undefined, 'Bearer realm="matricula"'],
      ['with another scheme', 'Basic YTpi', /error="invalid_token"/],
      ['with words in place of a token', 'Bearer not a token', /error="invalid_token"/],
      ['with a token of nonsense', 'Bearer abc.def.ghi', /error="invalid_token"/],
    ])('%s is a 401 that says how to ask', async (_, authorization, challenge) => {
      const answer = await fetch(`${url}/api/classes`, { headers: authorization ? { authorization } : {} });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      const header = answer.headers.get('www-authenticate') ?? '';
      if (typeof challenge === 'string') expect(header).toBe(challenge);
      else expect(header).toMatch(challenge);
      expect(await answer.json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', trace_id: expect.any(String) });
    });

    it.each([
      ['that has expired', { role: 'admin', expiresIn: '-1m' }],
      ['of a foreign issuer', { role: 'admin', iss: 'https://elsewhere.test' }],
      ['for another audience', { role: 'admin', aud: 'shop' }],
    ])('with a token %s is a 401', async (_, claims) => {
      const client = new ApiClient(url, await environment.token(claims));
      expect(await client.get('/classes')).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    });

    it.each([
      ['an unknown role', 'root', /none of the roles member, publisher, admin, ops/],
      ['several roles', ['member', 'admin'], /several roles of this system: member, admin/],
    ])('with a token of %s is a 403 that says so', async (_, role, sentence) => {
      const answer = await new ApiClient(url, await environment.token({ role })).get('/classes');
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN', detail: expect.stringMatching(sentence) },
      });
      expect(answer.headers.get('www-authenticate')).toBeNull();
    });

    it('with a forged token is a 401', async () => {
      const client = new ApiClient(url, await environment.token({ role: 'admin' }, true));
      expect(await client.get('/classes')).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    });

    it('with the wrong role learns which roles may, and nothing about its body', async () => {
      const client = await as('member');
      expect(await client.post('/admin/classes', '{"broken')).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN', details: { roles: ['admin'] } },
      });
    });
  });

  describe('a member', () => {
    const asha = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0001';
    const notThere = { status: 404, body: { code: 'PERSON_NOT_FOUND' } };

    beforeEach(() => {
      environment.on(getPerson, () => examples.Person as never);
      environment.on(
        registerPerson,
        (request) => ({ ...examples.Person, person_id: request.person_id ?? newId() }) as never,
      );
      environment.on(getAccount, () => examples.Account as never);
      environment.on(listEnrolments, ({ page, limit }) => ({ items: [], total: 0, page, limit, next_cursor: null }));
      environment.on(openOrder, () => examples.Order as never);
    });

    it('sees their own records, with the id in lower or upper case', async () => {
      const client = await as('member', asha);
      for (const sub of [asha, asha.toUpperCase()]) {
        expect((await client.get(`/persons/${sub}`)).status).toBe(200);
        expect((await client.get(`/persons/${sub}/account`)).status).toBe(200);
        expect((await client.get(`/persons/${sub}/enrolments`)).status).toBe(200);
      }
      expect((await (await as('member', asha.toUpperCase())).get(`/persons/${asha}`)).status).toBe(200);
    });

    it('finds nobody else there', async () => {
      const client = await as('member', asha);
      const other = newId();
      expect(await client.get(`/persons/${other}`)).toMatchObject(notThere);
      expect(await client.get(`/persons/${other}/account`)).toMatchObject(notThere);
      expect(await client.get(`/persons/${other}/account/entries`)).toMatchObject(notThere);
      expect(await client.get(`/persons/${other}/enrolments`)).toMatchObject(notThere);
      expect(await client.post('/orders', { person_id: other, class_id: newId() })).toMatchObject(notThere);
      expect(environment.done).toEqual([]);
    });

    it('registers themselves under the id of their token, and nobody else', async () => {
      const client = await as('member', asha);
      const body = examples.RegisterPerson;
      const made = await client.post('/persons', body);
      expect(made).toMatchObject({ status: 201, body: { person_id: asha } });
      expect(made.headers.get('location')).toBe(`/api/persons/${asha}`);
      expect(await client.post('/persons', { ...body, person_id: newId() })).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN', field: '/person_id' },
      });
      expect(environment.done).toHaveLength(1);
    });

    it('is named to the services that know whose an order is; an admin and an operator see all', async () => {
      const seen: unknown[] = [];
      environment.on(getOrder, ({ visible_to }) => {
        seen.push(visible_to);
        throw new Refusal('ORDER_NOT_FOUND', 'There is no such order.');
      });
      environment.on(getOrderProgress, ({ visible_to }) => {
        seen.push(visible_to);
        throw new Refusal('ORDER_NOT_FOUND', 'There is no such order.');
      });
      environment.on(cancelOrder, ({ visible_to }) => {
        seen.push(visible_to);
        throw new Refusal('ORDER_NOT_FOUND', 'There is no such order.');
      });
      environment.on(listOrders, ({ visible_to, page, limit }) => {
        seen.push(visible_to);
        return { items: [], total: 0, page, limit, next_cursor: null };
      });
      environment.on(getOrderMoney, ({ visible_to }) => {
        seen.push(visible_to);
        return examples.OrderMoney as never;
      });
      const order = newId();
      for (const [role, sees] of [
        ['member', asha],
        ['admin', null],
        ['ops', null],
      ] as const) {
        seen.length = 0;
        const client = await as(role, asha);
        const notFound = { status: 404, body: { code: 'ORDER_NOT_FOUND' } };
        expect(await client.get(`/orders/${order}`)).toMatchObject(notFound);
        expect(await client.get(`/orders/${order}/money`)).toMatchObject(notFound);
        expect(await client.get(`/orders/${order}/events`)).toMatchObject(notFound);
        expect((await client.get(`/orders?person_id=${newId()}`)).status).toBe(200);
        if (role !== 'ops') expect(await client.post(`/orders/${order}/cancel`)).toMatchObject(notFound);
        expect(new Set(seen)).toEqual(new Set([sees]));
        expect(seen).toHaveLength(role === 'ops' ? 5 : 6);
      }
    });
  });

  it('says who assigned money from suspense', async () => {
    environment.on(assignPayment, () => examples.Payment as never);
    const admin = await as('admin', 'ravi@office');
    const answer = await admin.post(
      `/admin/payments/unmatched/${id}/assign`,
      { person_id: id, order_id: id },
      { 'idempotency-key': 'k' },
    );
    expect(answer.status).toBe(200);
    expect(environment.done[0]?.data).toEqual({
      payment_id: id,
      person_id: id,
      order_id: id,
      assigned_by: 'ravi@office',
    });
  });

  it('says who dismissed a notification', async () => {
    environment.on(dismissNotification, () => examples.DismissedNotification as never);
    const operator = await as('ops', 'olga');
    const path = `/admin/payments/quarantined/${id}/dismiss`;
    const body = examples.DismissNotification;
    expect(await operator.post(path, body)).toMatchObject({ status: 200, body: examples.DismissedNotification });
    expect(environment.done[0]?.data).toEqual({ notification_id: id, ...body, dismissed_by: 'olga' });
  });
});
