import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { recordConversions } from '#contracts/promotions/conversions.js';
import { newId } from '#kernel/ids.js';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const mebibyte = 1_024 * 1_024;
const anonymousMax = 50;

let environment: GatewayEnvironment;
let url: string;
let closed: string;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  const limits = { RATE_LIMIT_ANONYMOUS_PER_MINUTE: String(anonymousMax) };
  url = await environment.gateway({ CONVERSIONS_SECRETS: `shop=${secret}`, ...limits });
  closed = await environment.gateway(limits);
});
beforeEach(async () => {
  await environment.reset();
  environment.on(recordConversions, ({ conversions }) => ({
    items: conversions.map(({ conversion_id }) => ({
      conversion_id,
      redemptions: [],
      refusals: [],
      recorded_at: '2026-03-02T09:00:00Z',
      problem: null,
    })),
  }));
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => environment.close());

/** A body that takes long to parse. */
const heavy = `[${'[],'.repeat(mebibyte / 3 - 1)}[]]`;
const now = () => String(Math.floor(Date.now() / 1_000));
const digest = Buffer.alloc(32, 7).toString('base64');

function signed(body: string): Record<string, string> {
  const [id, at] = [`msg_${newId()}`, new Date()];
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

const conversion = () =>
  JSON.stringify({
    conversion_id: newId(),
    person_id: newId(),
    offer_id: 'shop-7',
    payout_minor: 9_500,
    currency: 'EUR',
    occurred_at: '2026-03-02T08:59:12Z',
  });

async function send(headers: Record<string, string>, body: string, to = url): Promise<number> {
  const answer = await fetch(`${to}/api/conversions`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

describe('a body whose signature is not verified', () => {
  const json = { 'content-type': 'application/json' };
  const forged = { ...json, 'webhook-id': 'msg_1', 'webhook-signature': `v1,${digest}` };

  it.each<[string, () => string, () => Record<string, string>]>([
    ['with no signature at all', () => url, () => ({ ...json, 'webhook-signature': 'x' })],
    ['with a forged signature', () => url, () => ({ ...forged, 'webhook-timestamp': now() })],
    ['where no sender is configured', () => closed, () => ({ ...forged, 'webhook-timestamp': now() })],
  ])('%s is parsed in none of forty requests', async (_, to, headers) => {
    const parse = jest.spyOn(JSON, 'parse');
    const statuses = await Promise.all(Array.from({ length: 40 }, () => send(headers(), heavy, to())));
    expect(new Set(statuses)).toEqual(new Set([401]));
    const parsed = parse.mock.calls.map(([text]) => String(text).length);
    expect(Math.max(0, ...parsed)).toBeLessThan(10_000);
  });

  it.each<[string, () => string, Record<string, string>]>([
    ['when it has no digest of the right length', () => url, { ...forged, 'webhook-signature': 'v1,x' }],
    ['when its timestamp is an hour old', () => url, { 'webhook-timestamp': String(Number(now()) - 3_600) }],
    ['when it has no timestamp', () => url, { 'webhook-timestamp': '' }],
    ['when no sender is configured', () => closed, {}],
  ])('is not waited for %s', async (_, to, others) => {
    const headers = { ...forged, 'webhook-timestamp': now(), 'content-length': String(mebibyte), ...others };
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${to()}/api/conversions`, { method: 'POST', headers }, (answer) => {
        resolve(answer.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    });
    expect(status).toBe(401);
  });

  it('counts as anonymous', async () => {
    const headers = { ...forged, 'webhook-timestamp': now() };
    for (let sent = 0; sent < anonymousMax; sent += 1) expect(await send(headers, '{}')).toBe(401);
    expect(await send(headers, '{}')).toBe(429);
  });
});

describe('a verified signature', () => {
  it('does not count as anonymous any more', async () => {
    for (let sent = 0; sent < anonymousMax + 5; sent += 1) {
      const body = conversion();
      expect(await send(signed(body), body)).toBe(200);
    }
    expect((await fetch(`${url}/api/classes`)).status).toBe(401);
  });

  it.each([
    ['a list with white space', (good: string) => `v1,${digest},\t${good}`],
    ['a list without white space', (good: string) => `v1,${digest},${good}`],
    ['signatures separated by spaces', (good: string) => `v1a,${digest} ${good} v1,${digest}`],
    ['empty elements', (good: string) => `, ${good},`],
  ])('is found in %s', async (_, listed) => {
    const body = conversion();
    const headers = signed(body);
    const signatures = listed(headers['webhook-signature'] as string);
    expect(await send({ ...headers, 'webhook-signature': signatures }, body)).toBe(200);
  });

  it('of a body above the limit is a 413, whether its length is declared or not', async () => {
    const body = `[${' '.repeat(mebibyte)}]`;
    expect(await send(signed(body), body)).toBe(413);
    const chunked = new ReadableStream({
      start(controller) {
        for (const part of body.match(/.{1,65536}/gs) ?? []) controller.enqueue(Buffer.from(part));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: signed(body), body: chunked, duplex: 'half' } as RequestInit;
    expect((await fetch(`${url}/api/conversions`, init)).status).toBe(413);
  });
});
