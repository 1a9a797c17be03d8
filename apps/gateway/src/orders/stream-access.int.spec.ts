import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { getOrder, getOrderProgress } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { eventually } from '../../../../test/support/eventually.js';
import { testRedisUrl } from '../../../../test/support/servers/test-redis.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { examples } from '../documents/examples.js';

const shop = 'https://shop.school.test';

describe('following an order from a page', () => {
  let environment: GatewayEnvironment;
  let url: string;
  /** Owners of orders, as subscriptions has them. */
  let owners: Map<string, string>;
  let member: string;
  let orderId: string;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    url = await environment.gateway({ CORS_ORIGINS: `${shop}, http://localhost:5173`, TRUST_PROXY: 'true' });
  });
  beforeEach(async () => {
    await environment.reset();
    member = newId();
    orderId = newId();
    owners = new Map([[orderId, member]]);
    const assertVisible = (order: string, visibleTo: string | null) => {
      if (visibleTo === null || owners.get(order) === visibleTo) return;
      throw new Refusal('ORDER_NOT_FOUND', 'There is no such order.');
    };
    environment.on(getOrder, ({ order_id, visible_to }) => {
      assertVisible(order_id, visible_to);
      return { ...examples.Order, order_id } as never;
    });
    environment.on(getOrderProgress, ({ order_id, visible_to }) => {
      assertVisible(order_id, visible_to);
      const step = { step: 1, name: 'cancelled', description: 'it is over', at: '2026-03-02T09:00:00Z' } as const;
      return { order_id, steps: [step], finished: true };
    });
  });
  afterAll(() => environment.close());

  const as = (role: string, sub: string) => environment.client(url, { role, sub });
  const ticketFor = async (order: string, sub = member) =>
    (await (await as('member', sub)).made(`/orders/${order}/stream-ticket`)) as { ticket: string; expires_at: string };
  const follow = (order: string, ticket: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/orders/${order}/events?ticket=${ticket}`, { headers });

  describe('with a ticket', () => {
    it('opens the stream of its order without a token, also again after a lost connection', async () => {
      const { ticket, expires_at } = await ticketFor(orderId);
      const secondsLeft = (Date.parse(expires_at) - Date.now()) / 1_000;
      expect(secondsLeft).toBeGreaterThan(50);
      expect(secondsLeft).toBeLessThanOrEqual(60);
      for (const order of [orderId, orderId.toUpperCase()]) {
        const stream = await follow(order, ticket);
        expect(stream.status).toBe(200);
        expect(await stream.text()).toContain('event: cancelled');
      }
      expect((await follow(orderId, ticket, { 'last-event-id': '1' })).status).toBe(204);
    });

    it('opens no other stream, no other route, and none for another person', async () => {
      const { ticket } = await ticketFor(orderId);
      const other = newId();
      owners.set(other, member);
      expect((await follow(other, ticket)).status).toBe(401);
      expect((await fetch(`${url}/api/orders/${orderId}?ticket=${ticket}`)).status).toBe(401);
      expect((await fetch(`${url}/api/orders/${orderId}/money?ticket=${ticket}`)).status).toBe(401);
      // A token stands before a ticket, and a ticket of one's own opens nothing of others.
      const stranger = await as('member', newId());
      expect((await stranger.get(`/orders/${orderId}/events?ticket=${ticket}`)).status).toBe(404);
      expect((await stranger.post(`/orders/${orderId}/stream-ticket`)).status).toBe(404);
    });

    it.each(['', 'x', 'q2r9V0cX3m8s5w1y7u4t6p0o9i8e2a5d1f3g7h9j0kA', '../../x', 'a&ticket=b'])(
      'that nobody has issued, “%s”, is a 401',
      async (ticket) => {
        const answer = await follow(orderId, ticket);
        expect(answer.status).toBe(401);
        expect(await answer.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
      },
    );

    it('is worth nothing once it has expired, and is nowhere in Redis itself', async () => {
      const { ticket } = await ticketFor(orderId);
      const redis = new Redis(testRedisUrl());
      const keys = await redis.keys('gateway:ticket:*');
      expect(keys).toHaveLength(1);
      expect(await redis.pttl(keys[0] as string)).toBeLessThanOrEqual(60_000);
      const everything = [keys[0], await redis.get(keys[0] as string)].join();
      expect(everything).not.toContain(ticket);
      await redis.pexpire(keys[0] as string, 1);
      redis.disconnect();
      await sleep(20);
      expect((await follow(orderId, ticket)).status).toBe(401);
    });

    it('is given to those who may follow orders', async () => {
      const path = `/orders/${orderId}/stream-ticket`;
      expect((await (await as('publisher', 'pia')).post(path)).status).toBe(403);
      expect((await (await as('ops', 'olga')).post(path)).status).toBe(201);
      expect((await fetch(`${url}/api${path}`, { method: 'POST' })).status).toBe(401);
    });
  });

  it('ends with the token, also when a ticket opened the stream', async () => {
    environment.on(getOrderProgress, ({ order_id }) => ({ order_id, steps: [], finished: false }));
    // The skew of clocks is granted: such a token is valid for three more seconds.
    const token = await environment.token({ role: 'member', sub: member, expiresIn: '-57s' });
    const headers = { authorization: `Bearer ${token}` };
    const issued = await fetch(`${url}/api/orders/${orderId}/stream-ticket`, { method: 'POST', headers });
    const { ticket, expires_at } = (await issued.json()) as { ticket: string; expires_at: string };
    expect(Date.parse(expires_at) - Date.now()).toBeLessThan(4_000);
    const startedAt = performance.now();
    const streams = await Promise.all([
      fetch(`${url}/api/orders/${orderId}/events`, { headers }),
      follow(orderId, ticket),
    ]);
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    await Promise.all(streams.map((stream) => stream.text()));
    expect(performance.now() - startedAt).toBeLessThan(4_500);
    expect((await follow(orderId, ticket)).status).toBe(401);
  });

  describe('of another origin', () => {
    const preflight = (origin: string, path = `/orders/${orderId}/cancel`) =>
      fetch(`${url}/api${path}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,idempotency-key',
        },
      });

    it('is allowed for the origins of the settings', async () => {
      for (const origin of [shop, 'http://localhost:5173']) {
        const answer = await preflight(origin);
        expect(answer.status).toBe(204);
        expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
        expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
        expect(answer.headers.get('access-control-allow-headers')).toContain('idempotency-key');
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
        expect(answer.headers.get('vary')).toContain('origin');
      }
    });

    it.each(['https://evil.test', 'https://shop.school.test.evil.test', 'null', 'HTTPS://shop.school.test'])(
      'is refused for %s',
      async (origin) => {
        const answer = await preflight(origin);
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
        expect(answer.status).toBeGreaterThanOrEqual(400);
      },
    );

    it('reads answers, refusals and streams', async () => {
      const { ticket } = await ticketFor(orderId);
      const stream = await follow(orderId, ticket, { origin: shop });
      expect(stream.headers.get('access-control-allow-origin')).toBe(shop);
      expect(await stream.text()).toContain('event: cancelled');
      const refused = await fetch(`${url}/api/classes`, { headers: { origin: shop } });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('access-control-allow-origin')).toBe(shop);
      expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after');
    });

    it('uses up nobody’s limit with preflights', async () => {
      const strict = await environment.gateway({ CORS_ORIGINS: shop, RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3' });
      for (let index = 0; index < 10; index++) {
        const headers = { origin: shop, 'access-control-request-method': 'GET' };
        expect((await fetch(`${strict}/api/classes`, { method: 'OPTIONS', headers })).status).toBe(204);
      }
      const statuses: number[] = [];
      for (let index = 0; index < 4; index++) statuses.push((await fetch(`${strict}/api/classes`)).status);
      expect(statuses).toEqual([401, 401, 401, 429]);
    });

    it('is nobody by default', async () => {
      const closed = await environment.gateway();
      const answer = await fetch(`${closed}/api/classes`, { headers: { origin: shop } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    });
  });

  describe('when many follow orders', () => {
    const open = async (gateway: string, sub: string, address: string) => {
      const leaving = new AbortController();
      const response = await fetch(`${gateway}/api/orders/${newId()}/events`, {
        headers: {
          authorization: `Bearer ${await environment.token({ role: 'ops', sub })}`,
          'x-forwarded-for': address,
        },
        signal: leaving.signal,
      });
      let hasEnded = false;
      const ended = response.text().then(
        () => {
          hasEnded = true;
        },
        () => {},
      );
      return { status: response.status, leave: () => leaving.abort(), ended, hasEnded: () => hasEnded };
    };

    it('gives a newcomer the place of the greediest, and refuses the greedy', async () => {
      environment.on(getOrderProgress, ({ order_id }) => ({ order_id, steps: [], finished: false }));
      const small = await environment.gateway({ STREAMS_MAX: '6', STREAMS_PER_CALLER_MAX: '5', TRUST_PROXY: 'true' });
      const greedy: Awaited<ReturnType<typeof open>>[] = [];
      for (let index = 0; index < 5; index++) greedy.push(await open(small, 'greedy', '203.0.113.1'));
      const honest: Awaited<ReturnType<typeof open>>[] = [];
      for (let index = 0; index < 4; index++)
        honest.push(await open(small, `honest ${index}`, `203.0.113.${index + 2}`));
      expect([...greedy, ...honest].map(({ status }) => status)).toEqual(Array(9).fill(200));
      // The latest ones of the greedy caller have ended.
      await eventually(() => expect(greedy.map((one) => one.hasEnded())).toEqual([false, false, true, true, true]));
      expect(honest.some((one) => one.hasEnded())).toBe(false);
      expect((await open(small, 'greedy', '203.0.113.9')).status).toBe(503);
      for (const stream of [...greedy, ...honest]) stream.leave();
    });

    it('counts the streams of an address, by all its callers', async () => {
      environment.on(getOrderProgress, ({ order_id }) => ({ order_id, steps: [], finished: false }));
      const shared = await environment.gateway({ STREAMS_PER_ADDRESS_MAX: '2', TRUST_PROXY: 'true' });
      const streams = [await open(shared, 'a', '203.0.113.1:1'), await open(shared, 'b', '203.0.113.1:2')];
      expect((await open(shared, 'c', '203.0.113.1:3')).status).toBe(429);
      streams.push(await open(shared, 'c', '203.0.113.2'));
      expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
      for (const stream of streams) stream.leave();
    });
  });
});
