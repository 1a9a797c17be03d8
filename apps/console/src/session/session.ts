import { clockSkewSeconds, type Identity, type Role } from '#identity/claims.js';

/** A person who has signed in, as the sealed cookie has them. */
export interface Session {
  readonly accessToken: string;
  /** Null where the provider gave none: the session ends with its access token. */
  readonly refreshToken: string | null;
  readonly subject: string;
  readonly role: Role;
  readonly name: string;
  /** Of a member: their id as a person. */
  readonly personId: string | null;
  /** The next request from then on renews the access token. In milliseconds since 1970, like `expiresAtMs`. */
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
}

/** A token is renewed this long before it expires; a short-lived one after three quarters of its time. */
const renewBeforeMs = 60_000;

/** When the access token of `identity`, received now, is renewed, and when it expires by the clock of its issuer. */
export function renewalOf({ expiresAt }: Identity, nowMs: number): Pick<Session, 'renewAtMs' | 'expiresAtMs'> {
  const expiresAtMs = expiresAt.epochMilliseconds - clockSkewSeconds * 1_000;
  return { renewAtMs: Math.max(expiresAtMs - renewBeforeMs, nowMs + (expiresAtMs - nowMs) * 0.75), expiresAtMs };
}
