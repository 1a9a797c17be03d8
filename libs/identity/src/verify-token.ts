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
export type Role = (typeof roles)[number];

/** Who asks. A member's subject is their person id. */
export interface Identity {
  readonly subject: string;
  readonly role: Role;
}

/**
 * The issuer's keys cannot be had, so nobody can say whether a token is good. Worth another try: 503 at an HTTP edge.
 */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/** Signatures that only the issuer can make. Shared secrets (HS…) and `none` are not among them. */
const algorithms = ['EdDSA', 'ES256', 'ES384', 'PS256', 'RS256'];
const tokenLengthMax = 8_192;
const rememberedMax = 10_000;
const clockToleranceSeconds = 5;
/** An unknown key id sends us to the keys again, but not more often than this. */
const refetchCooldownMs = 10_000;

const claims = z.object({ sub: z.string().min(1).max(200), role: z.enum(roles), exp: z.number() });

interface Remembered {
  readonly identity: Identity;
  readonly expiresAtMs: number;
}

/**
 * Tells who the bearer of a JWT is. Checks signature, issuer, audience, expiry and role; a verified token is remembered
 * until it expires (at most `rememberedMax` of them, the oldest go first), because a signature costs more than the rest
 * of a small request. Taking a key out of the JWKS therefore ends its tokens when they expire, and not at once.
 */
export class TokenVerifier {
  private readonly remembered = new Map<string, Remembered>();
  private readonly keyOf: JWTVerifyGetKey;

  constructor(
    private readonly issuer: TokenIssuer,
    private readonly clock: Clock,
  ) {
    this.keyOf = keysAt(new URL(issuer.jwks));
  }

  /**
   * @throws Refusal UNAUTHENTICATED when the token is malformed, forged, expired, or not by our issuer for us.
   * @throws IssuerUnavailable when the issuer's keys cannot be had.
   */
  async verify(token: string): Promise<Identity> {
    const nowMs = this.clock.now().epochMilliseconds;
    const known = this.remembered.get(token);
    if (known && nowMs < known.expiresAtMs) return known.identity;
    this.remembered.delete(token);
    const verified = await this.verifySignature(token, nowMs);
    this.remember(token, verified);
    return verified.identity;
  }

  private async verifySignature(token: string, nowMs: number): Promise<Remembered> {
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
      throw asAnswer(error);
    }
  }

  private remember(token: string, verified: Remembered): void {
    if (this.remembered.size >= rememberedMax) {
      const [oldest] = this.remembered.keys();
      if (oldest !== undefined) this.remembered.delete(oldest);
    }
    this.remembered.set(token, verified);
  }
}

function asAnswer(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed)
    return unauthenticated(`The token's claim "${error.claim}" is not accepted.`);
  if (error instanceof z.ZodError) return unauthenticated('The token names no known role or subject.');
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

/** Read when first needed, and again when a token names a key that is not there: the file may have been replaced. */
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
