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
import type { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { clockSkewSeconds, type Identity, identityOf, unauthenticated } from './claims.js';
import type { TokenIssuer } from './token-issuer.js';

/** The issuer's keys cannot be read, so no token can be verified. A repeat may succeed: 503 at an HTTP edge. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/** Asymmetric signatures, which only the issuer can make. Shared secrets (HS…) and `none` are refused. */
const algorithms = ['EdDSA', 'ES256', 'ES384', 'PS256', 'RS256'];
const tokenLengthMax = 8_192;
const cachedTokensMax = 10_000;
/** An unknown key id makes the verifier read the keys again, at most once in this time. */
const refetchCooldownMs = 10_000;

/**
 * Verifies JWTs: signature, type, issuer, audience, expiry and role. A verified token is cached until it expires, at
 * most `cachedTokensMax` of them, because verifying a signature costs more than the rest of a small request. A key that
 * is removed from the JWKS therefore ends its tokens only when they expire.
 */
export class TokenVerifier {
  private readonly cache = new Map<string, Identity>();
  private readonly keyOf: JWTVerifyGetKey;

  constructor(
    private readonly issuer: TokenIssuer,
    private readonly clock: Clock,
  ) {
    this.keyOf = keysAt(new URL(issuer.jwks));
  }

  /**
   * The bearer of `token`.
   * @throws Refusal UNAUTHENTICATED when the token is malformed, forged, expired, or of another issuer or audience;
   *   FORBIDDEN when it has no role of this system, or several.
   * @throws IssuerUnavailable when the issuer's keys cannot be read.
   */
  async verify(token: string): Promise<Identity> {
    const now = this.clock.now();
    const known = this.cache.get(token);
    if (known && Temporal.Instant.compare(now, known.expiresAt) < 0) return known;
    this.cache.delete(token);
    const identity = await this.verifySignature(token, now);
    this.store(token, identity);
    return identity;
  }

  private async verifySignature(token: string, now: Temporal.Instant): Promise<Identity> {
    if (token.length > tokenLengthMax) throw unauthenticated('The token is too long.');
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keyOf, {
        issuer: this.issuer.issuer,
        audience: this.issuer.audience,
        algorithms,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: clockSkewSeconds,
        currentDate: new Date(now.epochMilliseconds),
      });
      assertAccessToken(protectedHeader.typ, this.issuer.tokenType);
      return identityOf(payload, this.issuer);
    } catch (error) {
      throw errorOf(error);
    }
  }

  private store(token: string, identity: Identity): void {
    if (this.cache.size >= cachedTokensMax) {
      const [oldest] = this.cache.keys();
      if (oldest !== undefined) this.cache.delete(oldest);
    }
    this.cache.set(token, identity);
  }
}

/** The types of access tokens: RFC 9068 §2.1, and that of an issuer that distinguishes no types of tokens. */
const accessTokenTypes: ReadonlySet<string> = new Set(['at+jwt', 'jwt']);

/**
 * An issuer signs other tokens with the same keys, such as those of a sign-out (RFC 8725 §3.11).
 * @throws Refusal UNAUTHENTICATED
 */
function assertAccessToken(type: string | undefined, expected: string | undefined): void {
  const given = type === undefined ? undefined : mediaTypeOf(type);
  if (expected !== undefined ? given === mediaTypeOf(expected) : given === undefined || accessTokenTypes.has(given))
    return;
  throw unauthenticated(`The token's type “${type ?? 'none'}” is not that of an access token.`);
}

/** RFC 7515 §4.1.9: without “application/” and in any case. */
function mediaTypeOf(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}

function errorOf(error: unknown): Error {
  if (error instanceof Refusal) return error;
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed)
    return unauthenticated(`The token's claim "${error.claim}" is not accepted.`);
  if (
    error instanceof errors.JWKSTimeout ||
    !(error instanceof errors.JOSEError) ||
    error.code === 'ERR_JOSE_GENERIC'
  ) {
    return new IssuerUnavailable("The token issuer's keys cannot be read", { cause: error });
  }
  return unauthenticated('The token is not valid.');
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
