import { hash, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { register } from 'prom-client';
import { listQuarantinedNotifications } from '#contracts/payments/quarantined-notifications.js';
import { newId } from '#kernel/ids.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import {
  type Notification,
  post,
  standardEvent,
  standardNotification,
  stripeNotification,
} from '../../../../../test/support/messages/provider-notifications.js';
import { testRedisUrl } from '../../../../../test/support/servers/test-redis.js';
import { at, cause } from '../../../test/ledger-fixture.js';
import { admitPersons } from '../../../test/movements.js';
import { type PaymentsApp, secrets, startPayments } from '../../../test/payments-app.js';

const kibibyte = 1_024;
let service: PaymentsApp;
/** Reads addresses from `X-Forwarded-For`, and allows each three refused requests a minute. */
let strict: PaymentsApp;
let sql: Transactions;
const personId = newId();

beforeAll(async () => {
  const redis = new Redis(testRedisUrl());
  await redis.flushdb();
  redis.disconnect();
  service = await startPayments();
  const environment = { TRUST_PROXY: 'loopback', WEBHOOK_REJECTED_PER_MINUTE: '3' };
  strict = await startPayments({ databaseUrl: service.databaseUrl, clock: service.clock, environment });
  sql = service.app.get(Transactions);
  await admitPersons(sql, [{ personId, cause }], at);
});
afterAll(async () => {
  await strict.close();
  await service.close();
});

const now = () => new Date(service.clock.now().epochMilliseconds);
const stripe = (): Notification =>
  stripeNotification(secrets.stripe, { amountMinor: 5, currency: 'EUR', personId, signedAt: now() });
const standard = (): Notification =>
  standardNotification(secrets.standard, { amountMinor: 5, currency: 'EUR', personId, signedAt: now() });

async function send(path: string, init: RequestInit, to = service) {
  const answer = await fetch(`${to.url}${path}`, init);
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

describe('the address of a provider', () => {
  it.each([
    ['stripe', stripe],
    ['standard', standard],
  ])('/webhooks/%s/ is the same with a slash at its end', async (provider, make) => {
    const { headers, body } = make();
    const answer = await send(`/webhooks/${provider}/`, { method: 'POST', headers, body });
    expect([answer.status, answer.body.verdict]).toEqual([200, 'applied']);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('answers %s with 405 and what it allows', async (method) => {
    for (const path of ['/webhooks/stripe', '/webhooks/stripe/']) {
      const answer = await send(path, { method });
      expect([answer.status, answer.body.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
      expect(answer.headers.get('allow')).toBe('POST');
    }
  });
});

describe('a request that cannot be authentic', () => {
  it.each<[string, string, () => Record<string, string>, number]>([
    ['has no signature', 'stripe', () => ({}), 401],
    ['has a signature of nonsense', 'stripe', () => ({ 'stripe-signature': `t=${seconds(0)},v1=x` }), 401],
    ['has an old timestamp', 'stripe', () => ({ 'stripe-signature': `t=${seconds(-400)},v1=${'0'.repeat(64)}` }), 401],
    ['names an unknown provider', 'paypal', () => ({}), 404],
  ])('is refused before its body has arrived when it %s', async (_, provider, headers, expected) => {
    const status = await new Promise((resolve, reject) => {
      const path = `${service.url}/webhooks/${provider}`;
      const declared = { ...headers(), 'content-length': String(60 * kibibyte) };
      const request = httpRequest(path, { method: 'POST', headers: declared }, ({ statusCode }) => {
        resolve(statusCode);
        request.destroy();
      });
      request.on('error', reject);
      // The evidence is the beginning of the body.
      request.write('x'.repeat(4 * kibibyte));
    });
    expect(status).toBe(expected);
  });

  const seconds = (away: number) => Math.floor(now().getTime() / 1_000) + away;

  it('is never parsed', async () => {
    const parse = jest.spyOn(JSON, 'parse');
    const body = `[${'[],'.repeat(20_000)}[]]`;
    const signature = `t=${seconds(0)},v1=${'0'.repeat(64)}`;
    for (const headers of [{}, { 'stripe-signature': 'x' }, { 'stripe-signature': signature }]) {
      expect((await fetch(`${service.url}/webhooks/stripe`, { method: 'POST', headers, body })).status).toBe(401);
    }
    const parsed = parse.mock.calls.map(([text]) => String(text).length);
    parse.mockRestore();
    expect(Math.max(0, ...parsed)).toBeLessThan(10_000);
  });
});

describe('refused requests of an address', () => {
  const from = (address: string, { provider, headers, body }: Notification) =>
    send(
      `/webhooks/${provider}`,
      { method: 'POST', headers: { ...headers, 'x-forwarded-for': address }, body },
      strict,
    );
  const forged = (): Notification => ({ ...standard(), body: 'forged' });

  it('are limited, and neither its authentic ones nor other addresses are', async () => {
    for (let sent = 0; sent < 3; sent += 1) expect((await from('203.0.113.7', forged())).status).toBe(401);
    const more = await from('203.0.113.7', forged());
    expect([more.status, more.body.code, more.headers.get('retry-after')]).toEqual([429, 'RATE_LIMITED', '60']);
    expect((await from('203.0.113.7', { ...forged(), provider: 'paypal' as 'stripe' })).status).toBe(429);
    expect(await from('203.0.113.7', standard())).toMatchObject({ status: 200, body: { verdict: 'applied' } });
    expect((await from('203.0.113.8', forged())).status).toBe(401);
    for (let sent = 1; sent <= 3; sent += 1) expect((await from(`2001:db8:1:1::${sent}`, forged())).status).toBe(401);
    expect((await from('2001:db8:1:1::4', forged())).status).toBe(429);
    service.clock.moveBy({ minutes: 1 });
    expect((await from('203.0.113.7', forged())).status).toBe(401);
  });
});

describe('a notification above 64 KiB', () => {
  const large = (bytes: number) =>
    standardEvent(secrets.standard, { signedAt: now() }, 'payment.succeeded', { filler: randomUUID().padEnd(bytes) });
  const rejected = async () => {
    const { values } = (await register.getSingleMetric('matricula_webhook_rejected_total')?.get()) ?? { values: [] };
    const tooLarge = values.filter(
      ({ labels }) => labels.reason === 'BODY_TOO_LARGE' && labels.provider === 'standard',
    );
    return tooLarge.reduce((sum, { value }) => sum + value, 0);
  };
  const kept = (body: string) =>
    sql.query<{ verdict: string; reason: string; body: Buffer; body_bytes: number | null }>(
      `select verdict, reason, body, body_bytes from webhook_request
       where provider = 'standard' and position($1::bytea in body) = 1`,
      [Buffer.from(body.slice(0, 300))],
    );

  it('that is authentic is a 413, counted, and its beginning waits for an operator, once', async () => {
    const notification = large(200 * kibibyte);
    const before = await rejected();
    for (let sent = 0; sent < 2; sent += 1) {
      const answer = await post(service.url, notification);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'BODY_TOO_LARGE']);
    }
    expect((await rejected()) - before).toBe(2);
    const bytes = Buffer.from(notification.body);
    expect(await kept(notification.body)).toEqual([
      {
        verdict: 'quarantined',
        reason: 'BODY_TOO_LARGE',
        body: bytes.subarray(0, 64 * kibibyte),
        body_bytes: bytes.length,
      },
    ]);
    const open = await service.app.get(RpcClient).request(listQuarantinedNotifications, { state: 'open' });
    const [listed] = open.items.filter(({ reason }) => reason === 'BODY_TOO_LARGE');
    expect(listed).toMatchObject({ provider: 'standard', body_bytes: bytes.length });
    const [row] = await sql.query<{ body_sha256: Buffer }>(
      `select body_sha256 from webhook_request where reason = 'BODY_TOO_LARGE' and verdict = 'quarantined'`,
    );
    expect(row?.body_sha256).toEqual(hash('sha256', bytes, 'buffer'));
  });

  it.each([
    ['is forged', () => ({ ...large(100 * kibibyte), body: `forged ${randomUUID()} ${'x'.repeat(100 * kibibyte)}` })],
    ['is larger than what is read of one', () => large(1_100 * kibibyte)],
  ])('that %s is a 413, counted, and its beginning is evidence', async (_, make) => {
    const notification = make();
    const before = await rejected();
    expect((await post(service.url, notification)).status).toBe(413);
    expect((await rejected()) - before).toBe(1);
    const beginning = Buffer.from(notification.body).subarray(0, 2 * kibibyte);
    expect(await kept(notification.body)).toMatchObject([
      { verdict: 'rejected', reason: 'BODY_TOO_LARGE', body: beginning },
    ]);
  });
});
