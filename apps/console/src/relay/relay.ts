import replyFrom, { type FastifyReplyFromOptions } from '@fastify/reply-from';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSameOrigin } from '#http/browser/same-origin.js';
import { ProblemFilter, problemOf, problemType, retryAfterSeconds } from '#http/problem.js';
import { Refusal } from '#kernel/refusal.js';
import { currentTrace, newTrace, runWithTrace } from '#observability/trace.js';
import { consoleProblems } from '../console.problems.js';
import type { Sessions } from '../session/sessions.js';
import { headersForBrowser, headersForGateway } from './relayed-headers.js';

/** Those of the API. There is no OPTIONS: pages of other origins use the gateway, with tokens of their own. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Longer than the gateway waits for a service. It counts from the last byte of the request on. */
const headersWithinMs = 40_000;
/** The time that a client has to send a file. The gateway limits the time of other bodies. */
const fileWithinMs = 10 * 60_000;

/** Streams may stay silent. Without `connect` the library would accept any certificate. */
const connections: FastifyReplyFromOptions['undici'] = {
  connections: null,
  headersTimeout: headersWithinMs,
  bodyTimeout: 0,
  connect: { rejectUnauthorized: true },
};

/**
 * Relays `/api/*` to the gateway with the access token of the session. The gateway sees a client with a bearer token,
 * and no cookie; it decides about everything, also about requests without a session. Bodies and streams pass unread.
 */
export async function relayApi(server: FastifyInstance, sessions: Sessions, gatewayUrl: URL): Promise<void> {
  server.server.requestTimeout = fileWithinMs;
  closeUnreadConnections(server);
  const problems = new ProblemFilter(consoleProblems);
  await server.register(async (api) => {
    await api.register(replyFrom, {
      base: gatewayUrl.origin,
      disableRequestLogging: true,
      undici: connections,
      destroyAgent: true,
    });
    api.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
    api.addHook('onRequest', async ({ method, headers }) => {
      if (harmless.has(method) || isSameOrigin(headers)) return;
      throw new Refusal('CROSS_SITE', 'This was not sent by a page of this server.');
    });
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    api.route({
      method: methods,
      url: '/api/*',
      handler: async (request, reply) => {
        const session = await sessions.of(request, reply);
        const trace = currentTrace() ?? newTrace();
        // The headers of a stream leave before its first event.
        reply.raw.once('pipe', () => reply.raw.flushHeaders());
        return reply.from(undefined, {
          rewriteRequestHeaders: () => headersForGateway(request, gatewayUrl, trace, session?.accessToken),
          rewriteHeaders: headersForBrowser,
          retriesCount: 1,
          retryDelay: ({ err, attempt }) => (attempt === 0 && harmless.has(request.method) && isCut(err) ? 1 : null),
          onError: (_reply, { error }) => runWithTrace(trace, () => sendFailure(request, reply, error)),
        });
      },
    });
  });
}

/**
 * Closes the connection of a request that is answered before its body has arrived. Node would wait for the body, and
 * the time for files is long.
 */
function closeUnreadConnections(server: FastifyInstance): void {
  server.addHook('onSend', async ({ raw }, reply) => {
    if (!raw.complete) reply.header('connection', 'close');
  });
}

/** A connection that was idle may be closed by the gateway in the moment in which it is used again. */
function isCut(error: unknown): boolean {
  return codeOf(error) === 'UND_ERR_SOCKET' || codeOf(error) === 'ECONNRESET';
}

/** Without a connection nothing was done. Otherwise the gateway may have carried out what it did not answer. */
const notConnected: ReadonlySet<string | undefined> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function sendFailure({ method }: FastifyRequest, reply: FastifyReply, error: Error): void {
  const cause = error.cause ?? error;
  const isUndone = harmless.has(method) || notConnected.has(codeOf(cause)) || isOfTls(cause);
  const refusal = isUndone
    ? new Refusal('GATEWAY_UNAVAILABLE', 'The API is unavailable. Try again.')
    : new Refusal(
        'GATEWAY_NO_ANSWER',
        'The API did not answer. It may have carried out the request: repeat it with the same Idempotency-Key.',
      );
  const problem = problemOf(refusal, consoleProblems);
  reply.header('retry-after', retryAfterSeconds).header('cache-control', 'no-store');
  reply.status(problem.status).type(problemType).send(problem);
}

function isOfTls(error: unknown): boolean {
  return /^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}
