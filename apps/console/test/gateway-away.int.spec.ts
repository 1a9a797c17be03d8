import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.js';
import { tlsServer } from '../../../test/support/tls/tls-server.js';
import { ConsoleEnvironment } from './console-environment.js';

let console: ConsoleEnvironment;
const closings: (() => unknown)[] = [];
afterEach(async () => {
  await console.close();
  for (const close of closings.splice(0)) await close();
});

const send = async (path: string, init: RequestInit = {}) => {
  const headers = { 'sec-fetch-site': 'same-origin', ...(init.headers as object) };
  const answer = await fetch(console.url + path, { ...init, headers });
  const { code, trace_id } = (await answer.json()) as Record<string, string>;
  const retryAfter = answer.headers.get('retry-after');
  return {
    status: answer.status,
    code,
    retryAfter,
    hasTrace: trace_id?.length === 32,
    type: answer.headers.get('content-type'),
  };
};
const unavailable = {
  status: 503,
  code: 'GATEWAY_UNAVAILABLE',
  retryAfter: '2',
  hasTrace: true,
  type: 'application/problem+json; charset=utf-8',
};

describe('while the gateway is away', () => {
  it('each request gets a problem document, and works again by itself', async () => {
    console = await ConsoleEnvironment.create();
    const { port } = console.settings.gatewayUrl;
    await console.closeGateway();
    expect(await send('/api/classes')).toEqual(unavailable);
    expect(await send('/api/orders', { method: 'POST', body: '{}' })).toEqual(unavailable);
    await console.openGateway(Number(port));
    await eventually(async () => expect((await fetch(`${console.url}/api/classes`)).status).toBe(200));
  });

  it('a change that it may have carried out is not called undone, and is not repeated', async () => {
    console = await ConsoleEnvironment.create();
    let asked = 0;
    console.answer = (request) => {
      asked += 1;
      request.socket.destroy();
    };
    expect(await send('/api/orders', { method: 'POST', body: '{}' })).toEqual({
      ...unavailable,
      status: 504,
      code: 'GATEWAY_NO_ANSWER',
    });
    expect(asked).toBe(1);
    expect(await send('/api/classes')).toEqual(unavailable);
    expect(asked).toBe(3);
  });

  it('the console is ready all the same, and its health says what is away', async () => {
    console = await ConsoleEnvironment.create();
    const operations = await console.operationsUrl();
    const health = async () => {
      const answer = await fetch(`${operations}/health/ready`);
      return [answer.status, ((await answer.json()) as { details: object }).details];
    };
    expect(await health()).toMatchObject([200, { gateway: { status: 'up' }, provider: { status: 'up' } }]);
    await console.closeGateway();
    await eventually(async () => {
      expect(await health()).toMatchObject([200, { gateway: { status: 'degraded' }, provider: { status: 'up' } }]);
    });
    const metrics = await (await fetch(`${operations}/metrics`)).text();
    expect(metrics).toContain('http_request_duration_seconds');
  });

  it('nothing is sent to a server with a certificate of another name or authority', async () => {
    console = await ConsoleEnvironment.create();
    const other = await tlsServer(console.settings.gatewayUrl, 'elsewhere');
    closings.push(() => other.close());
    await console.close();
    console = await ConsoleEnvironment.create({ settings: { GATEWAY_URL: other.urlOf('https').origin } });
    expect(await send('/api/orders', { method: 'POST', body: '{}' })).toEqual(unavailable);
    expect(other.encrypted).toBe(0);
  });
});
