import type { IncomingHttpHeaders } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientNetworkOf } from '#http/client-address.js';
import type { Identity } from '#identity/verify-token.js';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewaySettings } from '../../gateway.config.js';
import { Authentication, challengeOf } from './authentication.js';
import type { EndpointRules } from './endpoint-rules.js';
import { assertIdempotencyKey, Idempotency, nameReplay } from './idempotency.js';
import { SharedStore } from './shared-store.js';

const windowMs = 60_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** The bearer of the verified token; undefined before, and for a signed request. */
    caller: Identity | undefined;
    /** Whether the request carries a signature in place of a token, not yet verified. */
    isSigned: boolean;
  }
}

/**
 * Admits or refuses a request before its body is read: authentication, rate limit, role, and whether the same request
 * is running. It costs one exchange with Redis.
 *
 * The order of the answers: 429 before 401, so that guessing tokens is limited; 401 and 403 before any answer about the
 * request itself.
 */
@Injectable()
export class Admission {
  constructor(
    private readonly authentication: Authentication,
    private readonly idempotency: Idempotency,
    private readonly store: SharedStore,
    private readonly settings: GatewaySettings,
  ) {}

  /** Adds the hooks to `server`. Call it before any endpoint is registered. */
  async guard(server: FastifyInstance): Promise<void> {
    for (const name of ['caller', 'command', 'inFlightLock']) server.decorateRequest(name, undefined);
    server.decorateRequest('isSigned', false);
    await this.registerLimits(server);
    const count = server.createRateLimit();
    server.addHook('onRoute', (route) => {
      const { url, config } = route;
      assert(!url.startsWith('/api') || config?.endpoint, `${url} declares who may call it`);
      if (config?.endpoint?.bodyLimitBytes) route.bodyLimit = config.endpoint.bodyLimitBytes;
    });
    server.addHook('onRequest', async (request, reply) => {
      const { endpoint } = request.routeOptions.config;
      if (!endpoint) return;
      reply.header('cache-control', 'no-store');
      request.isSigned = endpoint.signed === true && claimsSignature(request.headers);
      const identity = request.isSigned ? undefined : await this.authentication.identify(request.headers);
      if (!(identity instanceof Refusal)) request.caller = identity;
      // Both commands go to Redis in one exchange.
      const [limit, isFree] = await Promise.all([
        this.store.orUnavailable(count(request)),
        request.caller && endpoint.key ? this.idempotency.begin(request, request.caller.subject) : true,
      ]);
      assert(!limit.isAllowed, 'no caller is exempt from the limits');
      assertWithinLimit(limit, reply);
      if (identity instanceof Refusal) {
        reply.header('www-authenticate', challengeOf(request.headers, identity));
        throw identity;
      }
      // A signature is verified once the body was read (SignedRequests).
      if (!identity) return;
      assertRole(identity, endpoint);
      assertIdempotencyKey(endpoint, request);
      if (!isFree) throw stillRunning(reply);
    });
    server.addHook('onSend', async (request, reply) => {
      this.idempotency.end(request);
      nameReplay(request, reply);
    });
  }

  private async registerLimits(server: FastifyInstance): Promise<void> {
    const { perSubject, perAddress } = this.settings.limits;
    await server.register(rateLimit, {
      global: false,
      redis: this.store.redis,
      nameSpace: 'gateway:limit:',
      timeWindow: windowMs,
      // A valid token is counted by its subject; signed and anonymous requests by address, each with its own limit.
      keyGenerator: ({ caller, isSigned, ip }) => {
        if (caller) return `subject:${caller.subject}`;
        return `${isSigned ? 'signed' : 'address'}:${clientNetworkOf({ ip })}`;
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

function assertWithinLimit({ max, remaining, ttlInSeconds, isExceeded }: Limit, reply: FastifyReply): void {
  reply.header('ratelimit-limit', max);
  reply.header('ratelimit-remaining', remaining);
  reply.header('ratelimit-reset', ttlInSeconds);
  if (!isExceeded) return;
  reply.header('retry-after', ttlInSeconds);
  throw new Refusal('RATE_LIMITED', `More than ${max} requests in a minute.`, { perMinute: max });
}

function assertRole({ role }: Identity, { roles }: EndpointRules): void {
  if (roles.includes(role)) return;
  throw new Refusal('FORBIDDEN', `This is not for the role “${role}”.`, { roles });
}

function stillRunning(reply: FastifyReply): Refusal {
  reply.header('retry-after', 1);
  return new Refusal('IDEMPOTENCY_KEY_IN_USE', 'A request with this Idempotency-Key is still running.');
}
