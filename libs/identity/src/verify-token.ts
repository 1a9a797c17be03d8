import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import type { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { TokenIssuer } from './token-issuer.js';

const roles = ['member', 'publisher', 'admin', 'ops'] as const;
/** What a token allows; the edges decide by it. */
export type Role = (typeof roles)[number];

/** The bearer of a verified token. A member's subject is their person id. */
export interface Identity {
  readonly subject: string;
  readonly role: Role;
}

/** The issuer's keys cannot be read, so no token can be verified. A repeat may succeed: 503 at an HTTP edge. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/** Asymmetric signatures, which only the issuer can make. Shared secrets (HS…) and `none` are refused. */
const algorithms = ['EdDSA', 'ES256', 'ES384', 'PS256', 'RS256'];
const tokenLengthMax = 8_192;
const cachedTokensMax = 10_000;
const clockToleranceSeconds = 5;
/** An unknown key id makes the verifier read the keys again, at most once in this time. */
const refetchCooldownMs = 10_000;

const claims = z.object({ sub: z.string().min(1).max(200), role: z.enum(roles), exp: z.number() });

interface CachedToken {
  readonly identity: Identity;
  readonly expiresAtMs: number;
}

/**
 * Verifies JWTs: signature, issuer, audience, expiry and role. A verified token is cached until it expires, at most
 * `cachedTokensMax` of them, because verifying a signature costs more than the rest of a small request. A key that is
 * removed from the JWKS therefore ends its tokens only when they expire.
 */
export class TokenVerifier {
  private readonly cache = new Map<string, CachedToken>();
  private readonly keyOf: JWTVerifyGetKey;

  constructor(
    private readonly issuer: TokenIssuer,
    private readonly clock: Clock,
  ) {
    this.keyOf = keysAt(new URL(issuer.jwks));
  }

  /**
   * The bearer of `token`.
   * @throws Refusal UNAUTHENTICATED when the token is malformed, forged, expired, or of another issuer or audience.
   * @throws IssuerUnavailable when the issuer's keys cannot be read.
   */
  async verify(token: string): Promise<Identity> {
    const nowMs = this.clock.now().epochMilliseconds;
    const known = this.cache.get(token);
    if (known && nowMs < known.expiresAtMs) return known.identity;
    this.cache.delete(token);
    const verified = await this.verifySignature(token, nowMs);
    this.store(token, verified);
    return verified.identity;
  }

  private async verifySignature(token: string, nowMs: number): Promise<CachedToken> {
    if (token.length > tokenLengthMax) throw unauthenticated('The token is too long.');
    try {
      const { payload } = await jwtVerify(token, this.keyOf, {
        issuer: this.issuer.issuer,
        audience: this.issuer.audience,
        algorithms,
        requiredClaims: ['sub', 'exp', 'role'],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(nowMs),
      });
      const { sub, role, exp } = claims.parse(payload);
      return { identity: { subject: sub, role }, expiresAtMs: exp * 1_000 };
    } catch (error) {
      throw errorOf(error);
    }
  }

  private store(token: string, verified: CachedToken): void {
    if (this.cache.size >= cachedTokensMax) {
      const [oldest] = this.cache.keys();
      if (oldest !== undefined) this.cache.delete(oldest);
    }
    this.cache.set(token, verified);
  }
}

function errorOf(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed)
    return unauthenticated(`The token's claim "${error.claim}" is not accepted.`);
  if (error instanceof z.ZodError) return unauthenticated('The token has no valid role or subject.');
  if (
    error instanceof errors.JWKSTimeout ||
    !(error instanceof errors.JOSEError) ||
    error.code === 'ERR_JOSE_GENERIC'
  ) {
    return new IssuerUnavailable("The token issuer's keys cannot be read", { cause: error });
  }
  return unauthenticated('The token is not valid.');
}

function unauthenticated(sentence: string): Refusal {
  return new Refusal('UNAUTHENTICATED', sentence);
}

function keysAt(url: URL): JWTVerifyGetKey {
  if (url.protocol === 'https:')
    return createRemoteJWKSet(url, { timeoutDuration: 3_000, cooldownDuration: refetchCooldownMs });
  if (url.protocol === 'file:') return keysInFile(fileURLToPath(url));
  throw new TypeError(`the keys of a token issuer are at an https: or file: address, not at ${url.protocol}`);
}

/** Reads the file at first use, and again when a token names an unknown key: the file may have been replaced. */
function keysInFile(path: string): JWTVerifyGetKey {
  let keys: Promise<ReturnType<typeof createLocalJWKSet>> | undefined;
  let readAtMs = 0;
  const read = () => {
    readAtMs = performance.now();
    keys = readFile(path, 'utf8').then((text) => createLocalJWKSet(JSON.parse(text) as JSONWebKeySet));
    keys.catch(() => {
      keys = undefined;
    });
    return keys;
  };
  return async (header, token) => {
    const known = await (keys ?? read());
    try {
      return await known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || performance.now() - readAtMs < refetchCooldownMs) throw error;
      return (await read())(header, token);
    }
  };
}
