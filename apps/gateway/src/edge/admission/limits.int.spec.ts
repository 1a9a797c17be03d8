import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { listClasses } from '#contracts/subscriptions/classes.js';
import { eventually } from '../../../../../test/support/eventually.js';
import { testRedisUrl } from '../../../../../test/support/servers/test-redis.js';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';
import { ApiClient } from '../../../../../test/support/stack/api-client.js';

describe('a rate limit', () => {
  let environment: GatewayEnvironment;
  let one: string;
  let other: string;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    const limits = { RATE_LIMIT_PER_MINUTE: '10', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3', TRUST_PROXY: 'true' };
    [one, other] = await Promise.all([environment.gateway(limits), environment.gateway(limits)]);
  });
  beforeEach(async () => {
    await environment.reset();
    environment.on(listClasses, ({ page, limit }) => ({ items: [], total: 0, page, limit, next_cursor: null }));
  });
  afterAll(() => environment.close());

  const statuses = async (clients: ApiClient[]) => {
    const seen: number[] = [];
    for (const client of clients) seen.push((await client.get('/classes')).status);
    return seen;
  };

  it('counts the requests of a subject to all instances together, under all its tokens', async () => {
    const claims = { role: 'ops', sub: 'ravi' };
    const clients = [
      await environment.client(one, claims),
      await environment.client(other, { ...claims, expiresIn: '2h' }),
    ];
    const seen = await statuses(Array.from({ length: 12 }, (_, index) => clients[index % 2] as ApiClient));
    expect(seen).toEqual([...Array(10).fill(200), 429, 429]);
    expect((await (await environment.client(one, { role: 'ops', sub: 'meera' })).get('/classes')).status).toBe(200);
  });

  it('names the remaining requests, and the time until the next one is accepted', async () => {
    const client = await environment.client(one, { role: 'ops', sub: 'ravi' });
    const first = await client.get('/classes');
    expect(first.headers.get('ratelimit-limit')).toBe('10');
    expect(first.headers.get('ratelimit-remaining')).toBe('9');
    expect(Number(first.headers.get('ratelimit-reset'))).toBeGreaterThan(0);
    await statuses(Array(9).fill(client));
    const late = await client.get('/classes');
    expect(late).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', details: { per_minute: 10 } } });
    expect(late.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(late.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('is stricter for those who show no good token, and hides from them whether the next one is good', async () => {
    const nobody = new ApiClient(one, undefined);
    const guesser = new ApiClient(other, await environment.token({ role: 'admin' }, true));
    expect(await statuses([nobody, guesser, nobody, guesser, nobody])).toEqual([401, 401, 401, 429, 429]);
    expect((await (await environment.client(one, { role: 'ops' })).get('/classes')).status).toBe(200);
  });

  it('counts addresses and networks apart', async () => {
    const from = async (address: string) =>
      (await fetch(`${one}/api/classes`, { headers: { 'x-forwarded-for': address } })).status;
    for (let index = 0; index < 3; index++) expect(await from('203.0.113.7')).toBe(401);
    expect(await from('203.0.113.7')).toBe(429);
    expect(await from('203.0.113.8')).toBe(401);
    // An IPv6 household has a network, not an address.
    for (let index = 1; index <= 3; index++) expect(await from(`2001:db8:1:1::${index}`)).toBe(401);
    expect(await from('2001:db8:1:1:ffff::1')).toBe(429);
    expect(await from('2001:db8:1:2::1')).toBe(401);
  });

  it('counts a client once, with any ports, brackets and notation that its proxy writes', async () => {
    const from = async (headers: Record<string, string>) => (await fetch(`${one}/api/classes`, { headers })).status;
    for (const port of [5001, 5002, 5003]) expect(await from({ 'x-forwarded-for': `203.0.113.9:${port}` })).toBe(401);
    expect(await from({ 'x-forwarded-for': '::ffff:203.0.113.9' })).toBe(429);
    expect(await from({ forwarded: 'for="203.0.113.9:5004"' })).toBe(429);
    for (const port of [1, 2, 3]) expect(await from({ 'x-forwarded-for': `[2001:db8:1:1::1]:${port}` })).toBe(401);
    expect(await from({ forwarded: 'for="[2001:db8:1:1::2]:4"' })).toBe(429);
    // What is no address names nobody: the proxy itself counts.
    for (const name of ['unknown', '_a', 'x:1']) expect(await from({ 'x-forwarded-for': name })).toBe(401);
    expect(await from({ 'x-forwarded-for': 'something else' })).toBe(429);
  });

  it('counts the address that the proxy saw, and ignores addresses that the client wrote before it', async () => {
    const limits = { RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3', TRUST_PROXY: 'loopback, 10.0.0.0/8' };
    const appended = await environment.gateway(limits);
    const statusFor = async (...addresses: string[]) => {
      const headers = { 'x-forwarded-for': addresses.join(', ') };
      return (await fetch(`${appended}/api/classes`, { headers })).status;
    };
    for (let index = 1; index <= 3; index++) expect(await statusFor(`198.51.100.${index}`, '203.0.113.7')).toBe(401);
    expect(await statusFor('198.51.100.4', '203.0.113.7')).toBe(429);
    // Through two of the proxies.
    expect(await statusFor('198.51.100.5', '203.0.113.7', '10.0.0.9')).toBe(429);
    expect(await statusFor('203.0.113.7', '203.0.113.8')).toBe(401);
  });

  it('ignores X-Forwarded-For of a sender that is not a configured proxy', async () => {
    const direct = await environment.gateway({ RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3', TRUST_PROXY: '10.0.0.0/8' });
    const statusFor = async (address: string) =>
      (await fetch(`${direct}/api/classes`, { headers: { 'x-forwarded-for': address } })).status;
    for (let index = 1; index <= 3; index++) expect(await statusFor(`203.0.113.${index}`)).toBe(401);
    expect(await statusFor('203.0.113.4')).toBe(429);
  });

  it('counts on when Redis came back without its scripts', async () => {
    const client = await environment.client(one, { role: 'admin', sub: 'ravi' });
    const redis = new Redis(testRedisUrl());
    await statuses([client]);
    await redis.script('FLUSH');
    expect(await statuses([client])).toEqual([200]);
    await redis.script('FLUSH');
    const keyed = await client.post('/admin/classes', {}, { 'idempotency-key': 'k' });
    expect(keyed.status).toBe(400);
    expect(keyed.headers.get('ratelimit-remaining')).toBe('7');
    await eventually(async () => expect(await redis.keys('gateway:running:*')).toEqual([]));
    redis.disconnect();
  });

  it('leaves documents alone', async () => {
    for (let index = 0; index < 5; index++) {
      expect((await fetch(`${one}/docs`)).status).toBe(200);
    }
  });
});
