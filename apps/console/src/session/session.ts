import { clockSkewSeconds, type Identity, type Role } from '#identity/claims.js';

/** A person who has signed in. */
export interface SignedIn {
  readonly accessToken: string;
  /** Null where the provider gave none: the session ends with its access token. */
  readonly refreshToken: string | null;
  readonly subject: string;
  readonly role: Role;
  /** Of a member: the name of their person; else as the provider has it. */
  readonly name: string;
  /** Of a member: their id as a person. */
  readonly personId: string | null;
  /** The next request from then on renews the access token. In milliseconds since 1970, like `expiresAtMs`. */
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
}

/** A session as the sealed cookie has it. */
export interface Session extends SignedIn {
  /** The instance of the console that sealed it, and renews it first. */
  readonly sealedBy: string;
}

/** A token is renewed this long before it expires; a short-lived one after three quarters of its time. */
const renewBeforeMs = 60_000;

/** When the access token of `identity`, received now, is renewed, and when it expires by the clock of its issuer. */
export function renewalOf({ expiresAt }: Identity, nowMs: number): Pick<SignedIn, 'renewAtMs' | 'expiresAtMs'> {
  const expiresAtMs = expiresAt.epochMilliseconds - clockSkewSeconds * 1_000;
  return { renewAtMs: Math.max(expiresAtMs - renewBeforeMs, nowMs + (expiresAtMs - nowMs) * 0.75), expiresAtMs };
}

/**
 * Whether an instance renews a session now. The instance that sealed it comes first: a provider that rotates refresh
 * tokens ends the session when two instances use one. Another instance waits until little time is left.
 */
export function isDue({ renewAtMs, expiresAtMs, sealedBy }: Session, instance: string, nowMs: number): boolean {
  const waitsMs = sealedBy === instance ? 0 : (expiresAtMs - renewAtMs) * 0.75;
  return nowMs >= renewAtMs + waitsMs;
}
