import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { OperationsServer } from '#http/operations-server.js';
import { eventually } from '../../../test/support/eventually.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { type OpsEnvironment, opsEnvironment } from './ops-environment.js';

const closed = [
  '/',
  '/api/overview',
  '/parked',
  '/api/parked/payments',
  '/actions',
  '/queues',
  '/jobs',
  '/queues/api/queues',
  '/no/such/page',
];

describe("the operators' server", () => {
  const redis = new Redis(testRedisUrl());
  let environment: OpsEnvironment;
  let token: string;

  const cookieOf = async (pasted: string, next = '/parked') => {
    const answer = await environment.request('/sign-in', {
      method: 'POST',
      headers: { origin: environment.url, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: pasted, next }),
    });
    return { answer, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
  };

  beforeAll(async () => {
    await redis.flushdb();
    environment = await opsEnvironment([]);
    token = await environment.token('ops', 'olga');
  });

  afterAll(async () => {
    await environment.close();
    redis.disconnect();
  });

  it.each(closed)('shows %s to nobody without a token', async (path) => {
    expect(await environment.request(path)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(await environment.request(path, { token: 'forged' })).toMatchObject({ status: 401 });
  });

  it.each(closed)('shows %s to no other role', async (path) => {
    for (const role of ['member', 'publisher', 'admin']) {
      const answer = await environment.request(path, { token: await environment.token(role) });
      expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
  });

  it('has health and metrics on a port of their own', async () => {
    const url = await environment.app.get(OperationsServer, { strict: false }).listen({ host: '127.0.0.1', port: 0 });
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await environment.request(path)).status).toBe(401);
      expect((await fetch(`${url}${path}`)).status).toBe(200);
    }
  });

  it('sends a browser without a session to the sign-in page, and back to where it wanted', async () => {
    const sent = await environment.request('/parked/payments?page=2', { headers: { accept: 'text/html' } });
    expect(sent).toMatchObject({ status: 303 });
    const location = sent.headers.get('location') ?? '';
    expect(location).toBe('/sign-in?next=%2Fparked%2Fpayments%3Fpage%3D2');
    expect((await environment.request(location)).text).toContain('name="next" value="/parked/payments?page=2"');
  });

  it('keeps the token in a cookie that no script and no other site can use', async () => {
    const { answer, cookie } = await cookieOf(token);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/parked');
    expect(answer.headers.get('set-cookie')).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    const page = await environment.request('/', { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(page.text).toContain('olga');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.each(['//evil.test/x', '/\\evil.test', 'https://evil.test', 'javascript:alert(1)'])(
    'does not send anybody on to %s',
    async (next) => {
      expect((await cookieOf(token, next)).answer.headers.get('location')).toBe('/');
    },
  );

  it('does not sign in with a bad token or another role', async () => {
    for (const pasted of ['', 'forged', await environment.token('admin'), 'x'.repeat(5_000)]) {
      const { answer, cookie } = await cookieOf(pasted);
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('role="alert"');
      expect(cookie).toBe('');
    }
  });

  it('takes no change from another site, cookie or not', async () => {
    const { cookie } = await cookieOf(token);
    const change = (headers: Record<string, string>) =>
      environment.request('/api/parked/payments/replay', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: '{"parked_ids":["nobody"]}',
      });
    for (const headers of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }, {}]) {
      expect(await change(headers as Record<string, string>)).toMatchObject({
        status: 403,
        body: { code: 'CROSS_SITE' },
      });
    }
    // Let in, it gets as far as the queue. This server does not wait for the broker when it starts.
    await eventually(async () =>
      expect(await change({ origin: environment.url })).toMatchObject({
        status: 404,
        body: { code: 'PARKED_MESSAGE_NOT_FOUND' },
      }),
    );
  });

  it('forgets the session on signing out', async () => {
    const { cookie } = await cookieOf(token);
    const answer = await environment.request('/sign-out', {
      method: 'POST',
      headers: { cookie, origin: environment.url },
    });
    expect(answer.headers.get('set-cookie')).toMatch(/^matricula_ops=;.*Max-Age=0$/);
  });
});
