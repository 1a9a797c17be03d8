import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The time to receive a body: a JSON body is short, a CSV file may come over a slow connection. */
const times = { bodyMs: 15_000, fileMs: 10 * 60_000 };

/**
 * Passes a CSV body as an unread stream to the endpoints that accept one; they limit its size. Other endpoints refuse
 * CSV with 415, and CSV endpoints refuse JSON.
 */
export function acceptCsvBodies(server: FastifyInstance): void {
  server.addContentTypeParser('text/csv', (request, payload, done) => {
    if (acceptsCsv(request)) done(null, payload);
    else done(new UnsupportedMediaTypeException('Bodies are application/json.'));
  });
  server.addHook('preParsing', async (request) => {
    if (acceptsCsv(request) && !/^text\/csv\b/i.test(request.headers['content-type'] ?? '')) {
      throw new UnsupportedMediaTypeException('The body is text/csv.');
    }
  });
}

/**
 * Limits the time to receive a body: `fileMs` for CSV files, `bodyMs` for all others. Node has one limit for the whole
 * server. Call it before any hook that refuses: Node waits for the body of a refused request too, and a sender without
 * a token must not hold a connection for `fileMs`.
 */
export function limitBodyTimes(server: FastifyInstance, { bodyMs, fileMs } = times): void {
  server.server.requestTimeout = fileMs;
  server.addHook('onRequest', async (request, reply) => {
    if (!hasBody(request)) return;
    let timer: NodeJS.Timeout | undefined;
    const begin = () => {
      if (!request.raw.complete) timer = setTimeout(() => cutOff(server, request, reply), bodyMs).unref();
    };
    // After the answer the file is no longer read, so the short limit applies.
    if (acceptsCsv(request)) reply.raw.once('close', begin);
    else begin();
    request.raw.once('close', () => clearTimeout(timer));
  });
}

function cutOff(server: FastifyInstance, { raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete) return;
  if (reply.raw.headersSent) raw.socket.destroy();
  else server.server.emit('clientError', new SlowSender('too slow'), raw.socket);
}

/** The error of Node for a request that takes longer than the server allows. */
class SlowSender extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT';
}

/** The charset that a content type declares, such as `text/csv; charset="windows-1252"` (RFC 9110 §8.3). */
export function charsetOf(headers: FastifyRequest['headers']): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers['content-type'] ?? '')?.[1];
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function acceptsCsv({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.endpoint?.acceptsCsv === true;
}
