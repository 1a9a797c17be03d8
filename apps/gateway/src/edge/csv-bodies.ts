import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Bodies fit into memory and come in one go; a file may be sent over a slow line, and is read as fast as it is taken.
 */
const times = { bodyMs: 15_000, fileMs: 10 * 60_000 };

/**
 * Leaves a CSV body unread for the endpoints that take one, as the stream that it comes in on; they bound it
 * themselves. To all others CSV is as strange as any other type, and JSON is to these.
 */
export function takeCsv(server: FastifyInstance): void {
  server.addContentTypeParser('text/csv', (request, payload, done) => {
    if (takesCsv(request)) done(null, payload);
    else done(new UnsupportedMediaTypeException('Bodies are application/json.'));
  });
  server.addHook('preParsing', async (request) => {
    if (takesCsv(request) && !/^text\/csv\b/i.test(request.headers['content-type'] ?? '')) {
      throw new UnsupportedMediaTypeException('The body is text/csv.');
    }
  });
}

/**
 * Node bounds the time to receive a request for a server as a whole: that of a file. For the rest it is what it was.
 * To be called before any hook that refuses: the body of a refused request is waited for all the same, and a sender who
 * needs no token for it must not hold a connection as long as a file may take.
 */
export function boundBodies(server: FastifyInstance, { bodyMs, fileMs } = times): void {
  server.server.requestTimeout = fileMs;
  server.addHook('onRequest', async (request, reply) => {
    if (!hasBody(request)) return;
    let timer: NodeJS.Timeout | undefined;
    const begin = () => {
      if (!request.raw.complete) timer = setTimeout(() => cutOff(server, request, reply), bodyMs).unref();
    };
    // A file that is answered is no longer read, however it was answered.
    if (takesCsv(request)) reply.raw.once('close', begin);
    else begin();
    request.raw.once('close', () => clearTimeout(timer));
  });
}

function cutOff(server: FastifyInstance, { raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete) return;
  if (reply.raw.headersSent) raw.socket.destroy();
  else server.server.emit('clientError', new SlowSender('too slow'), raw.socket);
}

/** As Node says it of a request that takes longer than the server allows. */
class SlowSender extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT';
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function takesCsv({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.endpoint?.takesCsv === true;
}
