import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpBrowser } from '../../../test/support/console/http-browser.ts';
import { eventually } from '../../../test/support/eventually.js';
import { ConsoleEnvironment } from './console-environment.js';

let console: ConsoleEnvironment;
let browser: HttpBrowser;
beforeAll(async () => {
  console = await ConsoleEnvironment.create({ settings: { TRUST_PROXY: 'loopback' } });
  browser = await console.signedIn('admin');
});
afterAll(() => console.close());
beforeEach(() => {
  console.relayed.length = 0;
});
afterEach(() => {
  console.answer = undefined;
});

const send = (path: string, init: RequestInit = {}) => browser.send(console.url + path, init);
/** A request as it is written, without what a library would mend or add. */
const sendRaw = (path: string, options: object = {}, body?: string) =>
  new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(console.url);
    const sent = httpRequest({ hostname, port, path, ...options }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.on('error', reject).end(body);
  });

describe('a relayed request', () => {
  it('has the token of the session, the address of the client and the trace, and no cookie', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await send('/api/orders?state=opened&search=%C3%BC%20%2F', {
      headers: {
        traceparent,
        'x-forwarded-for': '203.0.113.9',
        authorization: 'Bearer of.somebody.else',
        'last-event-id': '3',
        'x-person-id': 'forged',
        forwarded: 'for=203.0.113.9',
        'accept-language': 'de',
      },
    });
    const [{ url, headers } = { url: '', headers: {} }] = console.relayed;
    expect(url).toBe('/api/orders?state=opened&search=%C3%BC%20%2F');
    expect(headers).toEqual({
      host: console.settings.gatewayUrl.host,
      authorization: expect.stringMatching(/^Bearer eyJ/),
      'x-forwarded-for': '203.0.113.9',
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)/),
      'x-correlation-id': '0af7651916cd43dd8448eb211c80319c',
      'last-event-id': '3',
      'accept-language': 'de',
      accept: '*/*',
      'accept-encoding': expect.anything(),
      'user-agent': 'node',
      connection: 'keep-alive',
    });
  });

  it('of somebody who is not signed in has no token: the gateway decides', async () => {
    await fetch(`${console.url}/api/classes`, { headers: { authorization: 'Bearer of.somebody.else' } });
    expect(console.relayed[0]?.headers.authorization).toBeUndefined();
  });

  it.each([
    ['POST', 'application/json', '{"a":"ü"}', { 'idempotency-key': 'k-1' }],
    ['PATCH', 'application/json', '{ "not": JSON', {}],
    ['POST', 'text/csv', 'code\nA\n'.repeat(50_000), {}],
    ['DELETE', undefined, undefined, {}],
    ['POST', undefined, undefined, {}],
  ])('%s of %s passes as it is', async (method, type, body, more) => {
    const headers = { ...(type && { 'content-type': type }), ...more };
    const answer = await send('/api/promo-codes', { method, headers, body });
    expect(await answer.json()).toEqual({ method, url: '/api/promo-codes', body: body ?? '' });
    const [relayed] = console.relayed;
    expect(relayed?.headers).toMatchObject(headers);
    if (body) expect(relayed?.headers['content-length']).toBe(String(Buffer.byteLength(body)));
  });

  it('passes a body of unknown length while it is sent', async () => {
    const parts = ['a,', 'b,', 'c'];
    async function* slowly() {
      for (const part of parts) {
        yield Buffer.from(part);
        await sleep(20);
      }
    }
    const init = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: slowly(), duplex: 'half' };
    const answer = await send('/api/import', init as unknown as RequestInit);
    expect(await answer.json()).toMatchObject({ body: 'a,b,c' });
  });

  it('does not pass a body of GET, and leaves the connection in order', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': 7 };
    const answer = await sendRaw('/api/classes', { method: 'GET', headers }, '{"a":1}');
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { method: 'GET', url: '/api/classes', body: '' }]);
  });

  it.each([
    '/api/../auth/session',
    '/api/%2e%2e/metrics',
    '/api/..%2f..%2fadmin',
    '/api/a/../../x',
    '/api//evil.test/x',
  ])('never leaves the API: %s', async (path) => {
    const answer = await sendRaw(path);
    if (answer.status !== 404) expect(answer.status).toBe(path.includes('evil') ? 200 : 400);
    for (const { url, headers } of console.relayed) {
      expect(url).toMatch(/^\/api\//);
      expect(headers.host).toBe(console.settings.gatewayUrl.host);
    }
  });
});

describe('a change', () => {
  const change = (headers: Record<string, string>, method = 'POST') =>
    fetch(`${console.url}/api/orders`, { method, headers: { cookie: 'matricula=x', ...headers } });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring host', { 'sec-fetch-site': 'same-site' }],
    ['an old browser on another site', { origin: 'https://evil.test' }],
    ['no page', {}],
  ])('from %s is refused before anything is read', async (_, headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await change(headers, method);
      expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'CROSS_SITE' }]);
    }
    expect(console.relayed).toEqual([]);
  });

  it('that is refused holds no connection open for a body that never comes', async () => {
    const { hostname, port } = new URL(console.url);
    for (const path of ['/api/orders', '/classes', '/auth/nothing']) {
      const socket = connect(Number(port), hostname);
      socket.write(`POST ${path} HTTP/1.1\r\nhost: console\r\ncontent-length: 10\r\n\r\n`);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      expect(await Promise.race([closed, sleep(5_000, 'still open')])).not.toBe('still open');
      expect(text).toMatch(/^HTTP\/1\.1 40[345] /);
    }
  });

  it('from a page of the console passes in a browser without Sec-Fetch-Site too', async () => {
    const headers = { origin: console.url, cookie: '' };
    expect((await change(headers)).status).toBe(200);
  });

  it('is no preflight: pages of other origins have the gateway', async () => {
    const answer = await fetch(`${console.url}/api/orders`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.test', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a relayed answer', () => {
  it('has the status, the body and the headers of the gateway, without those of its connection', async () => {
    console.answer = (_, response) =>
      response
        .writeHead(409, {
          'content-type': 'application/problem+json',
          location: '/api/orders/1',
          'ratelimit-remaining': '7',
          'set-cookie': 'a=b',
          'access-control-allow-origin': '*',
          'keep-alive': 'timeout=65',
          'content-security-policy': "script-src 'unsafe-inline'",
        })
        .end('{"code":"CLASS_FULL"}');
    const answer = await send('/api/orders');
    expect([answer.status, await answer.text()]).toEqual([409, '{"code":"CLASS_FULL"}']);
    const { headers } = answer;
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect([headers.get('location'), headers.get('ratelimit-remaining')]).toEqual(['/api/orders/1', '7']);
    expect([headers.get('set-cookie'), headers.get('access-control-allow-origin')]).toEqual([null, null]);
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
  });

  it.each([301, 303, 307])('is a redirect of %i as it is, which nobody here follows', async (status) => {
    console.answer = (_, response) => response.writeHead(status, { location: 'https://pay.test/1' }).end();
    const answer = await send('/api/pay');
    expect([answer.status, answer.headers.get('location')]).toEqual([status, 'https://pay.test/1']);
  });

  it('is empty where the gateway sends none', async () => {
    for (const status of [204, 304]) {
      console.answer = (_, response) => response.writeHead(status).end();
      expect([(await send('/api/x')).status, await (await send('/api/x')).text()]).toEqual([status, '']);
    }
    console.answer = (_, response) => response.writeHead(200, { 'content-length': '10' }).end();
    const head = await send('/api/classes', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
  });

  it('of 503 comes at once, with the Retry-After of the gateway', async () => {
    let asked = 0;
    console.answer = (_, response) => {
      asked += 1;
      response.writeHead(503, { 'retry-after': '2' }).end('{}');
    };
    const answer = await send('/api/classes');
    expect([answer.status, answer.headers.get('retry-after'), asked]).toEqual([503, '2', 1]);
  });

  it('streams named events one by one, each as it comes, and ends the gateway’s stream with the browser’s', async () => {
    let step = () => {};
    let isClosed = false;
    console.answer = (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      let number = 0;
      step = () => {
        number += 1;
        response.write(`event: step-${number}\nid: ${number}\ndata: {}\n\n`);
      };
      response.flushHeaders();
      request.on('close', () => {
        isClosed = true;
      });
    };
    const leaving = new AbortController();
    const answer = await send('/api/orders/1/events', { signal: leaving.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    for (const number of [1, 2, 3]) {
      step();
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toBe(`event: step-${number}\nid: ${number}\ndata: {}\n\n`);
    }
    leaving.abort();
    await eventually(async () => expect(isClosed).toBe(true));
  });

  it('breaks off where the gateway breaks off, so that the browser connects again', async () => {
    console.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: opened\ndata: {}\n\n');
      setTimeout(() => response.destroy(), 50);
    };
    await expect(send('/api/orders/1/events').then((answer) => answer.text())).rejects.toThrow();
  });
});
