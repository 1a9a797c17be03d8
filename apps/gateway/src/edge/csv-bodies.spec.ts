import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { takeCsv } from './csv-bodies.js';

describe('a body that comes slowly', () => {
  let server: FastifyInstance;

  beforeAll(async () => {
    server = fastify({
      clientErrorHandler: (error, socket) => socket.end(`HTTP/1.1 408 Too Late\r\nx-code: ${error.code}\r\n\r\n`),
    });
    takeCsv(server, { bodyMs: 150, fileMs: 60_000 });
    server.post('/json', async ({ body }) => body);
    server.post('/file', { config: { endpoint: { roles: [], takesCsv: true } } }, async ({ body }) => {
      let length = 0;
      for await (const bytes of body as Readable) length += (bytes as Buffer).length;
      return { length };
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());

  async function send(path: string, type: string, parts: string[], pauseMs: number) {
    const { port } = server.server.address() as AddressInfo;
    const asked = request({ port, host: '127.0.0.1', path, method: 'POST', headers: { 'content-type': type } });
    asked.on('error', () => {}); // cut off while it still sends
    const answered = once(asked, 'response') as Promise<[Readable & { statusCode: number; headers: object }]>;
    for (const part of parts) {
      asked.write(part);
      await sleep(pauseMs);
    }
    asked.end();
    const [answer] = await answered;
    const text = (await answer.toArray()).join('');
    return { status: answer.statusCode, headers: answer.headers, text };
  }

  it('is cut off as Node does it, unless it is a file', async () => {
    const slow = await send('/json', 'application/json', ['{"a"', ':', '1}'], 100);
    expect(slow).toMatchObject({ status: 408, headers: { 'x-code': 'ERR_HTTP_REQUEST_TIMEOUT' } });
    const file = await send('/file', 'text/csv', ['code,kind\n', 'A,discount\n', 'B,discount\n'], 100);
    expect(file).toMatchObject({ status: 200, text: '{"length":32}' });
  });

  it('is not cut off once it has come', async () => {
    expect(await send('/json', 'application/json', ['{"a":1}'], 0)).toMatchObject({ status: 200, text: '{"a":1}' });
  });
});
