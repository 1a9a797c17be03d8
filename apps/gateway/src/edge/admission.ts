import type { IncomingHttpHeaders } from 'node:http';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '#identity/verify-token.js';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewaySettings } from '../gateway.config.js';
import { Authentication, challengeOf } from './authentication.js';
import type { EndpointRules } from './endpoint.js';
import { demandKey, Idempotency } from './idempotency.js';
import { SharedStore } from './shared-store.js';

const windowMs = 60_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the token was verified. */
    caller: Identity | undefined;
    /** Whether it says that it carries a signature in place of a token. */
    isSigned: boolean;
  }
}

/**
 * Decides before a body is read whether a request goes on: who asks, whether they ask too often, whether their role
 * may, and whether the same request is running at this moment. It costs one exchange with Redis.
 *
 * The order of the answers: 429 before 401, so that nobody tries tokens at leisure; 401 and 403 before anything is said
 * about the request itself.
 */
@Injectable()
export class Admission {
  constructor(
    private readonly authentication: Authentication,
    private readonly idempotency: Idempotency,
    private readonly store: SharedStore,
    private readonly settings: GatewaySettings,
  ) {}

  /** Hooks into `server`, whose endpoints must not be registered yet. */
  async guard(server: FastifyInstance): Promise<void> {
    for (const name of ['caller', 'commandId', 'mark']) server.decorateRequest(name, undefined);
    server.decorateRequest('isSigned', false);
    await this.registerLimits(server);
    const count = server.createRateLimit();
    server.addHook('onRoute', (route) => {
      const { url, config } = route;
      assert(!url.startsWith('/api') || config?.endpoint, `${url} says who may call it`);
      if (config?.endpoint?.bodyLimitBytes) route.bodyLimit = config.endpoint.bodyLimitBytes;
    });
    server.addHook('onRequest', async (request, reply) => {
      const { endpoint } = request.routeOptions.config;
      if (!endpoint) return;
      reply.header('cache-control', 'no-store');
      request.isSigned = endpoint.signed === true && claimsSignature(request.headers);
      const identity = request.isSigned ? undefined : await this.authentication.identify(request.headers);
      if (!(identity instanceof Refusal)) request.caller = identity;
      // Both leave for Redis together.
      const [limit, isFree] = await Promise.all([
        this.store.ask(count(request)),
        request.caller && endpoint.key ? this.idempotency.begin(request, request.caller.subject) : true,
      ]);
      assert(!limit.isAllowed, 'nobody is exempt from the limits');
      withinLimit(limit, reply);
      if (identity instanceof Refusal) {
        reply.header('www-authenticate', challengeOf(request.headers, identity));
        throw identity;
      }
      // Whose a signed one is shows when its bytes are there (SignedRequests).
      if (!identity) return;
      authorise(identity, endpoint);
      demandKey(endpoint, request);
      if (!isFree) throw stillRunning(reply);
    });
    server.addHook('onSend', async (request) => this.idempotency.end(request));
  }

  private async registerLimits(server: FastifyInstance): Promise<void> {
    const { perSubject, perAddress } = this.settings.limits;
    await server.register(rateLimit, {
      global: false,
      redis: this.store.redis,
      nameSpace: 'gateway:limit:',
      timeWindow: windowMs,
      // Whoever shows a good token is counted by it, wherever they call from; systems that sign by where they call
      // from; everybody else by address, and strictly.
      keyGenerator: ({ caller, isSigned, ip }) => {
        if (caller) return `subject:${caller.subject}`;
        return `${isSigned ? 'signed' : 'address'}:${normalizeIP(ip, 64)}`;
      },
      max: ({ caller, isSigned }: FastifyRequest) => (caller || isSigned ? perSubject : perAddress),
    });
  }
}

function claimsSignature(headers: IncomingHttpHeaders): boolean {
  return headers['webhook-signature'] !== undefined && headers.authorization === undefined;
}

interface Limit {
  readonly max: number;
  readonly remaining: number;
  readonly ttlInSeconds: number;
  readonly isExceeded: boolean;
}

function withinLimit({ max, remaining, ttlInSeconds, isExceeded }: Limit, reply: FastifyReply): void {
  reply.header('ratelimit-limit', max);
  reply.header('ratelimit-remaining', remaining);
  reply.header('ratelimit-reset', ttlInSeconds);
  if (!isExceeded) return;
  reply.header('retry-after', ttlInSeconds);
  throw new Refusal('RATE_LIMITED', `More than ${max} requests in a minute.`, { perMinute: max });
}

function authorise({ role }: Identity, { roles }: EndpointRules): void {
  if (roles.includes(role)) return;
  throw new Refusal('FORBIDDEN', `This is not for the role “${role}”.`, { roles });
}

function stillRunning(reply: FastifyReply): Refusal {
  reply.header('retry-after', 1);
  return new Refusal('IDEMPOTENCY_KEY_IN_USE', 'A request with this Idempotency-Key is still running.');
}
