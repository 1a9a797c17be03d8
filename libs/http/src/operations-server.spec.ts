import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpServer } from './http-server.js';
import { OperationsModule } from './operations.module.js';
import { OperationsServer } from './operations-server.js';
import type { Indicator } from './readiness.js';

describe('the port for operations', () => {
  let app: NestFastifyApplication;
  let url: string;

  async function serve(...indicators: Indicator[]): Promise<void> {
    @Module({ imports: [OperationsModule.forService({ indicators: () => indicators })] })
    class TestModule {}
    app = await createHttpServer(TestModule, { service: 'test', logLevel: 'silent', problems: { statuses: {} } });
    await app.listen(0, '127.0.0.1');
    url = await app.get(OperationsServer, { strict: false }).listen({ host: '127.0.0.1', port: 0 });
  }
  afterEach(() => app.close());

  const ready = async () => (await fetch(`${url}/health/ready`)).status;

  it.each(['/health/live', '/health/ready', '/metrics'])('has %s, and the port of clients has not', async (path) => {
    await serve();
    expect((await fetch(`${url}${path}`)).status).toBe(200);
    expect((await fetch(`${url}${path}?verbose`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${await app.getUrl()}${path}`)).status).toBe(404);
  });

  it('answers what it does not have with a problem', async () => {
    await serve();
    const nothing = await fetch(`${url}/orders`);
    expect(nothing.headers.get('content-type')).toBe('application/problem+json');
    expect([nothing.status, ((await nothing.json()) as { code: string }).code]).toEqual([404, 'NOT_FOUND']);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('checks once for many probes, and again after a second', async () => {
    let checks = 0;
    const check = async () => {
      checks += 1;
    };
    await serve({ name: 'database', check });
    const statuses = await Promise.all(Array.from({ length: 50 }, ready));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(checks).toBe(1);
    await ready();
    expect(checks).toBe(1);
    await sleep(1_050);
    await ready();
    expect(checks).toBe(2);
  });

  it('does not check again what hangs, and reports it again once it has ended', async () => {
    let checks = 0;
    let end = () => {};
    const hang = () => {
      checks += 1;
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    };
    await serve({ name: 'database', check: hang });
    expect(await ready()).toBe(503);
    await sleep(1_050);
    const again = ready();
    await sleep(100);
    expect(checks).toBe(1);
    end();
    expect(await again).toBe(200);
  });
});
