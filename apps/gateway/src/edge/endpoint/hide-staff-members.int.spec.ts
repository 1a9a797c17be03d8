import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { getClass, listClasses } from '#contracts/subscriptions/classes.js';
import { cancelOrder, getOrder, listOrders, openOrder } from '#contracts/subscriptions/orders.js';
import { isStaffOnly, staffOnly } from '#contracts/wire.js';
import { newId } from '#kernel/ids.js';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../../test/support/stack/api-client.js';
import { examples } from '../../documents/examples.js';

const person = newId();
const order = { ...(examples.Order as z.input<typeof openOrder.response>), person_id: person, tolerance_minor: 2 };
const oneClass = { ...(examples.Class as z.input<typeof getClass.response>), payment_tolerance_minor: 2 };

describe('what only admins and operators see', () => {
  let environment: GatewayEnvironment;
  let clients: Record<'member' | 'publisher' | 'admin' | 'ops', ApiClient>;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    const url = await environment.gateway();
    const client = (role: 'member' | 'publisher' | 'admin' | 'ops') => environment.client(url, { role, sub: person });
    clients = {
      member: await client('member'),
      publisher: await client('publisher'),
      admin: await client('admin'),
      ops: await client('ops'),
    };
    const list = <Item>(item: Item) => ({ items: [item, item], total: 2, page: 1, limit: 50, next_cursor: null });
    environment.on(getClass, () => oneClass);
    environment.on(listClasses, () => list(oneClass));
    environment.on(getOrder, () => order);
    environment.on(openOrder, () => order);
    environment.on(cancelOrder, () => order);
    environment.on(listOrders, () => list(order));
  });
  afterAll(() => environment.close());

  const requests: readonly [method: 'GET' | 'POST', path: string, body: object | undefined][] = [
    ['GET', `/classes/${newId()}`, undefined],
    ['GET', '/classes', undefined],
    ['POST', '/orders', { person_id: person, class_id: newId() }],
    ['GET', `/orders/${newId()}`, undefined],
    ['GET', `/orders?person_id=${person}`, undefined],
    ['POST', `/orders/${newId()}/cancel`, undefined],
  ];

  it.each(requests)('%s %s: a member does not see how much an order tolerates', async (method, path, body) => {
    const { status, body: answer } = await clients.member.request(method, path, body);
    expect(status).toBeLessThan(300);
    expect(JSON.stringify(answer)).not.toContain('tolerance');
    // Nothing else is missing.
    const { tolerance_minor, ...shown } = order;
    const { payment_tolerance_minor, ...shownClass } = oneClass;
    const [item] = answer.items ?? [answer];
    expect(item).toMatchObject(path.includes('class') && method === 'GET' ? shownClass : shown);
  });

  it('an admin and an operator see it, a publisher does not', async () => {
    const seen = await Promise.all(
      (['admin', 'ops', 'publisher'] as const).map(
        async (role) => (await clients[role].request('GET', `/classes/${newId()}`)).body.payment_tolerance_minor,
      ),
    );
    expect(seen).toEqual([2, 2, undefined]);
  });
});

it('a contract marks such a member, and the documents show the mark', () => {
  const member = staffOnly(z.int().describe('A number.'));
  expect([isStaffOnly(member), isStaffOnly(z.int().optional())]).toEqual([true, false]);
  expect(z.toJSONSchema(z.object({ member })).properties?.member).toMatchObject({
    description: 'A number.',
    'x-shown-to': ['admin', 'ops'],
  });
});
