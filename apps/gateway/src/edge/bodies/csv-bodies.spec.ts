import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { acceptCsvBodies, limitBodyTimes } from './csv-bodies.js';

describe('a body that comes slowly', () => {
  let server: FastifyInstance;

  beforeAll(async () => {
    server = fastify({
      clientErrorHandler: (error, socket) => socket.end(`HTTP/1.1 408 Too Late\r\nx-code: ${error.code}\r\n\r\n`),
    });
    limitBodyTimes(server, { bodyMs: 1_000, fileMs: 60_000 });
    server.addHook('onRequest', async ({ headers }, reply) => {
      if (headers.authorization === undefined) return reply.status(401).send('who?');
    });
    acceptCsvBodies(server);
    server.post('/json', async ({ body }) => body);
    server.post('/file', { config: { endpoint: { roles: [], acceptsCsv: true } } }, async ({ body }) => {
      let length = 0;
      for await (const bytes of body as Readable) length += (bytes as Buffer).length;
      return { length };
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());

  async function send(path: string, type: string, parts: string[], pauseMs: number) {
    const { port } = server.server.address() as AddressInfo;
    const asked = request({
      port,
      host: '127.0.0.1',
      path,
      method: 'POST',
      headers: { 'content-type': type, authorization: 'me' },
    });
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
    const slow = await send('/json', 'application/json', ['{"a"', ':', '1}'], 700);
    expect(slow).toMatchObject({ status: 408, headers: { 'x-code': 'ERR_HTTP_REQUEST_TIMEOUT' } });
    const file = await send('/file', 'text/csv', ['code,kind\n', 'A,discount\n', 'B,discount\n'], 700);
    expect(file).toMatchObject({ status: 200, text: '{"length":32}' });
  });

  it.each(['/json', '/file', '/nowhere'])('is not waited for at %s once it is refused', async (path) => {
    const { port } = server.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes;
    });
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\ncontent-length: 60000\r\n\r\n{`);
    const more = setInterval(() => socket.write(' '), 20);
    // A write may fail with an error before the end of the connection is read.
    socket.on('error', () => {});
    await new Promise((resolve) => socket.on('close', resolve));
    clearInterval(more);
    expect(received).toMatch(/^HTTP\/1.1 401 .*who\?$/s);
  });

  it('is not cut off once it has come', async () => {
    expect(await send('/json', 'application/json', ['{"a":1}'], 0)).toMatchObject({ status: 200, text: '{"a":1}' });
  });
});
