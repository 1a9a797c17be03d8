import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findPaidOrders } from '#contracts/payments/payment-search.js';
import { countOrderQueues, listOrders } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../test/support/stack/api-client.js';
import { examples } from '../documents/examples.js';

describe('the list of orders', () => {
  let environment: GatewayEnvironment;
  let admin: ApiClient;
  let member: ApiClient;
  const person = newId();
  const paid = newId();
  const requests: unknown[] = [];

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    const gateway = await environment.gateway();
    admin = await environment.client(gateway, { role: 'admin' });
    member = await environment.client(gateway, { role: 'member', sub: person });
  });
  beforeEach(async () => {
    await environment.reset();
    requests.length = 0;
    environment.on(listOrders, (request) => {
      requests.push(request);
      return { items: [], total: 0, page: 1, limit: request.limit, next_cursor: null };
    });
    environment.on(findPaidOrders, (request) => {
      requests.push(request);
      return { order_ids: request.reference === 'receipt 7' ? [paid] : [] };
    });
  });
  afterAll(() => environment.close());

  it('passes its filters on, without a request to payments', async () => {
    const query = 'waits_for=payment&sort=due&opened_from=2026-03-01T00:00:00Z&opened_to=2026-04-01T00:00:00Z';
    expect((await admin.get(`/orders?${query}`)).status).toBe(200);
    expect(requests).toEqual([
      {
        visible_to: null,
        waits_for: 'payment',
        sort: 'due',
        opened_from: '2026-03-01T00:00:00Z',
        opened_to: '2026-04-01T00:00:00Z',
        limit: 50,
      },
    ]);
  });

  it('finds orders by the reference of a payment, and a member only their own', async () => {
    await admin.get('/orders?search=receipt+7');
    await member.get('/orders?search=receipt+7');
    const searched = { search: 'receipt 7', sort: 'newest', limit: 50, paid_order_ids: [paid] };
    expect(requests).toEqual([
      { reference: 'receipt 7' },
      { ...searched, visible_to: null },
      { reference: 'receipt 7' },
      { ...searched, visible_to: person },
    ]);
  });

  it.each([
    ['waits_for=money', '/waits_for'],
    ['sort=due', '/sort'],
    ['sort=due&waits_for=approval', '/sort'],
    ['sort=price', '/sort'],
    ['opened_from=yesterday', '/opened_from'],
    ['search=', '/search'],
    [`search=${'x'.repeat(201)}`, '/search'],
    [`paid_order_ids=${newId()}`, '/paid_order_ids'],
  ])('with %s is invalid input', async (query, field) => {
    expect(await admin.get(`/orders?${query}`)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', field } });
    expect(requests).toEqual([]);
  });

  it('has queues, whose lengths are for admins and operators', async () => {
    environment.on(countOrderQueues, () => examples.OrderQueues as never);
    expect(await admin.get('/admin/orders/queues')).toMatchObject({ status: 200, body: examples.OrderQueues });
    expect((await member.get('/admin/orders/queues')).status).toBe(403);
  });
});
