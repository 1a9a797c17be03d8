import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/** What pages of other origins may send (https://fetch.spec.whatwg.org/#http-cors-protocol). */
const methods = 'GET, POST, PATCH, DELETE';
const requestHeaders =
  'authorization, content-type, idempotency-key, last-event-id, traceparent, tracestate, x-correlation-id';

/** What pages of other origins may read, beside the headers that every page may. */
const answerHeaders = [
  'allow',
  'idempotent-first-answered-at',
  'idempotent-replayed',
  'link',
  'location',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'traceparent',
  'www-authenticate',
  'x-correlation-id',
].join(', ');

/** Browsers keep the answer to a preflight for this long, in seconds. */
const preflightMaxAge = 600;

/** The variable `CORS_ORIGINS`: origins such as `https://shop.school.test`, separated by commas. */
export const originList = z
  .string()
  .default('')
  .transform((text, context): ReadonlySet<string> => {
    const origins = text.split(',').flatMap((origin) => origin.trim() || []);
    for (const origin of origins.filter((one) => !isOrigin(one))) {
      context.addIssue(`"${origin}" is not an origin: http:// or https://, a host in small letters and perhaps a port`);
    }
    return new Set(origins);
  });

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
}

/**
 * Lets pages of these origins use the API. Preflights are answered before admission: a browser sends them without a
 * token, and they must use up nobody's limit. Pages send tokens themselves, so no cookie is ever allowed.
 */
export function allowOrigins(server: FastifyInstance, origins: ReadonlySet<string>): void {
  if (origins.size === 0) return;
  server.addHook('onRequest', async ({ method, url, headers }, reply) => {
    if (!url.startsWith('/api/')) return undefined;
    reply.header('vary', 'origin');
    const { origin, 'access-control-request-method': wanted } = headers;
    if (origin === undefined || !origins.has(origin)) return undefined;
    reply.header('access-control-allow-origin', origin);
    if (method !== 'OPTIONS' || wanted === undefined) {
      reply.header('access-control-expose-headers', answerHeaders);
      return undefined;
    }
    return reply
      .status(204)
      .headers({
        'access-control-allow-methods': methods,
        'access-control-allow-headers': requestHeaders,
        'access-control-max-age': preflightMaxAge,
      })
      .send();
  });
}
