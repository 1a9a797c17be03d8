import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Trace } from '#observability/trace.js';

/** What a page may say to the API. Cookies, the browser's own headers and those of proxies are not among it. */
const forGateway = [
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-length',
  'content-type',
  'idempotency-key',
  'last-event-id',
  'tracestate',
  'user-agent',
];
const ofBodies: ReadonlySet<string> = new Set(['content-encoding', 'content-length', 'content-type']);

/** Headers of one connection (RFC 9110 §7.6.1), and those that this server sets itself. */
const notForBrowser = new Set([
  'connection',
  'content-security-policy',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'referrer-policy',
  'set-cookie',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-content-type-options',
  'x-frame-options',
]);
const ofOtherOrigins = /^(access-control|cross-origin)-/;

/** The headers of a request as the gateway gets it: from the client at `request.ip`, with the token of the session. */
export function headersForGateway(
  { method, headers, ip }: FastifyRequest,
  gateway: URL,
  { traceparent, correlationId }: Trace,
  accessToken: string | undefined,
): IncomingHttpHeaders {
  const relayed: IncomingHttpHeaders = {
    host: gateway.host,
    'x-forwarded-for': ip,
    traceparent,
    'x-correlation-id': correlationId,
  };
  // A body of GET or HEAD is not relayed.
  const hasBody = method !== 'GET' && method !== 'HEAD';
  for (const name of forGateway) {
    const value = headers[name];
    if (value !== undefined && (hasBody || !ofBodies.has(name))) relayed[name] = value;
  }
  if (accessToken !== undefined) relayed.authorization = `Bearer ${accessToken}`;
  return relayed;
}

/** The headers of an answer as the browser gets it. */
export function headersForBrowser<Headers extends IncomingHttpHeaders>(headers: Headers): Headers {
  const kept = Object.entries(headers).filter(([name]) => !notForBrowser.has(name) && !ofOtherOrigins.test(name));
  return Object.fromEntries(kept) as Headers;
}
