import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post, StreamableFile } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { Refusal } from '#kernel/refusal.js';
import { currentTrace } from '#observability/trace.js';
import { eventually } from '../../../test/support/eventually.js';
import { createHttpServer } from './http-server.js';
import { OperationsModule } from './operations.module.js';
import { OperationsServer } from './operations-server.js';
import type { Indicator } from './readiness.js';
import type { ServiceAdapter } from './service-adapter.js';

const order = z.strictObject({ class_id: z.uuid(), seats: z.int().min(1) });

class BackendAway extends Error {}

/** Asked for, and answered when the test wants it. */
class Slow {
  readonly asked = Promise.withResolvers<void>();
  readonly answer = Promise.withResolvers<string>();
}
let slow: Slow;

async function* slowly() {
  yield 'begun ';
  yield await slow.answer.promise;
}

@Controller()
class OrdersController {
  @Post('orders')
  open(@Body({ schema: order }) body: z.output<typeof order>) {
    return { body, trace: currentTrace() };
  }

  @Get('full')
  full() {
    throw new Refusal('CLASS_FULL', 'All seats are taken.');
  }

  @Get('away')
  away() {
    throw new BackendAway('connect ECONNREFUSED');
  }

  @Get('slow')
  slow() {
    slow.asked.resolve();
    return slow.answer.promise;
  }

  @Get('stream')
  stream() {
    slow.asked.resolve();
    return new StreamableFile(Readable.from(slowly()));
  }

  @Get('bug')
  bug() {
    throw new TypeError('x is undefined');
  }
}

/** A part that takes its time to close, as a consumer does that finishes what it has begun. */
class Draining {
  static whileClosing: () => Promise<void> = async () => {};

  onModuleDestroy(): Promise<void> {
    return Draining.whileClosing();
  }
}

const hangs = () => new Promise<never>(() => {});

describe('the HTTP server of a service', () => {
  let app: NestFastifyApplication | undefined;
  let operations: string;

  async function serve(indicators: Indicator[] = []): Promise<NestFastifyApplication> {
    @Module({
      imports: [OperationsModule.forService({ indicators: () => indicators })],
      controllers: [OrdersController],
      providers: [Draining],
    })
    class TestModule {}
    app = await createHttpServer(TestModule, {
      service: 'test',
      logLevel: 'silent',
      problems: { statuses: { CLASS_FULL: 409 }, isUnavailable: (error) => error instanceof BackendAway },
      bodyLimitBytes: 1_000,
    });
    await app.listen(0, '127.0.0.1');
    operations = await app.get(OperationsServer, { strict: false }).listen({ host: '127.0.0.1', port: 0 });
    return app;
  }

  async function ask(path: string, init: RequestInit = {}, url?: string) {
    const answer = await fetch(`${url ?? (await app!.getUrl())}${path}`, init);
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    // biome-ignore lint/suspicious/noExplicitAny: each test reads the members that it expects
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : text) as any };
  }

  const probe = (path: string) => ask(path, {}, operations);
  const post = (body: string, headers: Record<string, string> = {}) =>
    ask('/orders', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  beforeEach(() => {
    slow = new Slow();
  });
  afterEach(() => app?.close());

  it('carries the trace of a request through the reading of its body to the handler, and back', async () => {
    await serve();
    const { body, headers } = await post('{"class_id":"0198c0de-0000-7000-8000-000000000001","seats":1}', {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      'x-correlation-id': 'checkout-7',
    });
    expect(body.trace).toEqual({ traceparent: headers.get('traceparent'), correlationId: 'checkout-7' });
    expect(headers.get('traceparent')).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-/);
    expect(headers.get('x-correlation-id')).toBe('checkout-7');
  });

  it('names every member of the input that is wrong, or unknown', async () => {
    await serve();
    const { status, headers, body } = await post('{"class_id":"x","colour":"red","size":2}');
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'INVALID_INPUT', trace_id: headers.get('traceparent')?.slice(3, 35) });
    expect(body.errors.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`)).toEqual([
      '/class_id MALFORMED',
      '/seats REQUIRED',
      '/colour UNKNOWN_FIELD',
      '/size UNKNOWN_FIELD',
    ]);
  });

  it.each([
    ['broken JSON', '{"class_id":', 400, 'MALFORMED_REQUEST'],
    ['an absurd size', JSON.stringify({ class_id: 'x'.repeat(2_000) }), 413, 'BODY_TOO_LARGE'],
  ])('answers %s with a problem', async (_, sent, status, code) => {
    await serve();
    const answer = await post(sent);
    expect(answer).toMatchObject({ status, body: { code, status, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) } });
  });

  it('answers another content type, and an unknown path, with a problem', async () => {
    await serve();
    expect(await post('<xml/>', { 'content-type': 'text/xml' })).toMatchObject({
      status: 415,
      body: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    });
    expect(await ask('/nowhere')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('answers a refusal, an absence and a bug each in its way', async () => {
    await serve();
    expect(await ask('/full')).toMatchObject({ status: 409, body: { code: 'CLASS_FULL' } });
    const away = await ask('/away');
    expect(away).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
    expect(away.headers.get('retry-after')).toBe('2');
    expect(await ask('/bug')).toMatchObject({ status: 500, body: { code: 'INTERNAL_ERROR' } });
  });

  it('counts requests by route pattern', async () => {
    await serve();
    await ask('/full');
    const { body } = await probe('/metrics');
    expect(body).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/full",status="409"\} \d+/);
    expect(body).toContain('process_resident_memory_bytes');
  });

  it('is ready while all answers', async () => {
    await serve([{ name: 'database', check: async () => ({ version: 15 }) }]);
    expect(await probe('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await probe('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { database: { status: 'up', version: 15 } } },
    });
  });

  it('names the part that is down, or hangs, and stays alive', async () => {
    await serve([
      { name: 'database', check: async () => Promise.reject(new Error('connect ECONNREFUSED')) },
      { name: 'broker', check: hangs },
      { name: 'redis', check: async () => {} },
    ]);
    const { status, body } = await probe('/health/ready');
    expect(status).toBe(503);
    expect(body.error).toMatchObject({
      database: { status: 'down', message: 'connect ECONNREFUSED' },
      broker: { status: 'down' },
    });
    expect(body.info).toMatchObject({ redis: { status: 'up' } });
    expect((await probe('/health/live')).status).toBe(200);
  });

  it('stays ready without a part that it can do without', async () => {
    await serve([{ name: 'broker', check: hangs, essential: false }]);
    expect(await probe('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'degraded', details: { broker: { status: 'degraded' } } },
    });
  });

  it('is not ready any more from the moment it shuts down', async () => {
    const server = await serve();
    const answers: number[] = [];
    Draining.whileClosing = async () => {
      answers.push((await probe('/health/ready')).status, (await probe('/health/live')).status);
    };
    await server.close();
    app = undefined;
    expect(answers).toEqual([503, 200]);
    await expect(fetch(operations)).rejects.toThrow();
  });

  /** A client that sends a text on one connection and then keeps the connection idle. */
  async function quietClient(sent: string) {
    const met: Promise<Socket[]> = once(app!.getHttpServer(), 'connection');
    const socket = connect(Number(new URL(await app!.getUrl()).port), '127.0.0.1');
    const received: string[] = [];
    socket.on('data', (bytes) => received.push(String(bytes)));
    const closed = once(socket, 'close');
    socket.write(sent);
    const [peer] = await met;
    await eventually(() => expect(peer?.bytesRead).toBe(sent.length));
    return { socket, closed, received: () => received.join('') };
  }

  /** Begins to close the server, and waits until it accepts no more connections. */
  async function closing(server: NestFastifyApplication) {
    const whole = server.close();
    app = undefined;
    await eventually(() => expect(server.getHttpServer().listening).toBe(false));
    return { whole };
  }

  it('answers a running request while it shuts down, and does not wait for a client that keeps the connection', async () => {
    const server = await serve();
    const client = await quietClient('GET /slow HTTP/1.1\r\nhost: test\r\n\r\n');
    await slow.asked.promise;
    const closed = await closing(server);
    slow.answer.resolve('done');
    await Promise.all([closed.whole, client.closed]);
    expect(client.received()).toMatch(/^HTTP\/1.1 200 OK\r\n.*connection: close\r\n.*done$/s);
  });

  it('does not wait for a client whose response had announced keep-alive before', async () => {
    const server = await serve();
    const client = await quietClient('GET /stream HTTP/1.1\r\nhost: test\r\n\r\n');
    await slow.asked.promise;
    await eventually(() => expect(client.received()).toContain('begun'));
    const closed = await closing(server);
    slow.answer.resolve('done');
    await Promise.all([closed.whole, client.closed]);
    expect(client.received()).toMatch(/^HTTP\/1.1 200 OK\r\n.*Connection: keep-alive\r\n.*begun .*done/s);
  });

  it('does not wait for ever for a client that never sends its whole request', async () => {
    const server = await serve();
    const adapter: ServiceAdapter = server.getHttpAdapter() as never;
    adapter.drainMs = 50;
    const client = await quietClient('GET /slow HTTP/1.1\r\nhos');
    const closed = await closing(server);
    await Promise.all([closed.whole, client.closed]);
    expect(client.received()).toBe('');
  });

  it('answers a request that completes during the shutdown by the same problem as at other times', async () => {
    const server = await serve();
    const client = await quietClient('GET /away HTTP/1.1\r\nhos');
    const closed = await closing(server);
    client.socket.write('t: test\r\n\r\n');
    await Promise.all([closed.whole, client.closed]);
    expect(client.received()).toMatch(/connection: close\r\n.*retry-after: 2\r\n.*"code":"SERVICE_UNAVAILABLE"/s);
  });
});
