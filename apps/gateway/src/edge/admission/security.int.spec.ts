import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';

describe('every answer', () => {
  let environment: GatewayEnvironment;
  let url: string;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    url = await environment.gateway();
  });
  afterAll(() => environment.close());

  it.each(['/health/live', '/health/ready', '/metrics'])(
    '%s is not for clients: it stands on a port of its own',
    async (path) => {
      expect((await fetch(`${url}${path}`)).status).toBe(404);
      expect((await fetch(`${environment.operationsUrlOf(url)}${path}`)).status).toBe(200);
    },
  );

  it.each(['/api/classes', '/api/nothing', '/docs'])('%s carries security headers', async (path) => {
    const { headers } = await fetch(`${url}${path}`);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d+/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('of the API is kept by no cache', async () => {
    expect((await fetch(`${url}/api/classes`)).headers.get('cache-control')).toBe('no-store');
  });

  it('names its trace, and goes on with the caller’s', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await fetch(`${url}/api/classes`, { headers: { traceparent, 'x-correlation-id': 'checkout-7' } });
    expect(answer.headers.get('traceparent')).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-/);
    expect(answer.headers.get('x-correlation-id')).toBe('checkout-7');
    expect(await answer.json()).toMatchObject({ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' });
  });

  it('of the documentation allows the page its own scripts, and needs none inline', async () => {
    const page = await (await fetch(`${url}/docs`)).text();
    const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes, inline] of scripts) {
      expect(inline?.trim()).toBe('');
      const source = /src="\.\/([^"]+)"/.exec(attributes ?? '')?.[1];
      const script = await fetch(`${url}/${source}`);
      expect([script.status, (await script.text()).length > 1_000]).toEqual([200, true]);
    }
  });
});
