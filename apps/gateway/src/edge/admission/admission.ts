import type { Readable } from 'node:stream';
import rateLimit from '@fastify/rate-limit';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientNetworkOf } from '#http/client-address.js';
import type { Identity } from '#identity/claims.js';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewaySettings } from '../../gateway.config.js';
import { Authentication, challengeOf } from './authentication.js';
import type { CallerIdentity } from './caller.js';
import type { EndpointRules } from './endpoint-rules.js';
import { assertIdempotencyKey, Idempotency, nameReplay } from './idempotency.js';
import { SharedStore } from './shared-store.js';
import { claimsSignature, SignedRequests } from './signed-requests.js';

const windowMs = 60_000;
const countersPrefix = 'gateway:limit:';

declare module 'fastify' {
  interface FastifyRequest {
    /** The bearer of the verified token; undefined before, and for a signed request. */
    caller: CallerIdentity | undefined;
    /** Whether the request carries a signature in place of a token. */
    isSigned: boolean;
    /** The name of the outside system that signed the request, once the signature was verified. */
    sender: string | undefined;
    /** Whether that signature was verified. Until then the request counts as anonymous. */
    isAuthentic: boolean;
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
    private readonly signatures: SignedRequests,
    private readonly store: SharedStore,
    private readonly settings: GatewaySettings,
  ) {}

  /** Adds the hooks to `server`. Call it before any endpoint is registered. */
  async guard(server: FastifyInstance): Promise<void> {
    for (const name of ['caller', 'command', 'inFlightLock', 'sender']) server.decorateRequest(name, undefined);
    for (const name of ['isSigned', 'isAuthentic']) server.decorateRequest(name, false);
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
      const identity = request.isSigned ? undefined : await this.authentication.identify(request);
      if (identity && !(identity instanceof Refusal)) request.caller = { ...identity, personId: null };
      // Both commands go to Redis in one exchange.
      const [limit, isFree] = await Promise.all([
        this.store.orUnavailable(count(request)),
        request.caller && endpoint.key ? this.idempotency.begin(request, request.caller) : true,
      ]);
      assert(!limit.isAllowed, 'no caller is exempt from the limits');
      assertWithinLimit(limit, reply);
      if (identity instanceof Refusal) {
        if (identity.code === 'UNAUTHENTICATED') {
          reply.header('www-authenticate', challengeOf(request.headers, identity));
        }
        throw identity;
      }
      if (!identity) {
        this.signatures.assertPlausible(request.headers);
        return;
      }
      assertRole(identity, endpoint);
      assertIdempotencyKey(endpoint, request);
      if (!isFree) throw stillRunning(reply);
      // After the limits, because it may be a request to a service.
      request.caller = await this.authentication.withPerson(identity);
    });
    // Nothing of a body is parsed before its signature is verified.
    server.addHook('preParsing', async (request, reply, payload) => {
      if (!request.isSigned) return payload;
      const verified = await this.signatures.verify(request, payload as Readable);
      this.store.uncount(`${countersPrefix}${counterOf(request)}`);
      request.isAuthentic = true;
      assertWithinLimit((await this.store.orUnavailable(count(request))) as Limit, reply);
      return verified;
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
      nameSpace: countersPrefix,
      timeWindow: windowMs,
      keyGenerator: counterOf,
      max: ({ caller, isAuthentic }: FastifyRequest) => (caller || isAuthentic ? perSubject : perAddress),
    });
  }
}

/**
 * A valid token is counted by its subject, all others by address. A signed request counts as anonymous until its
 * signature is verified: then that count is taken back, and it counts as a sender's.
 */
function counterOf({ caller, isAuthentic, ip }: FastifyRequest): string {
  if (caller) return `subject:${caller.subject}`;
  return `${isAuthentic ? 'signed' : 'address'}:${clientNetworkOf({ ip })}`;
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
