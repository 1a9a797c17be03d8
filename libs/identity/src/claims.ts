import type { JWTPayload } from 'jose';
import { Refusal } from '#kernel/refusal.js';
import type { TokenIssuer } from './token-issuer.js';

const roles = ['member', 'publisher', 'admin', 'ops'] as const;

/** What a token allows; the edges decide by it. */
export type Role = (typeof roles)[number];

/** The bearer of a verified token. */
export interface Identity {
  /** The token's `sub`. */
  readonly subject: string;
  readonly role: Role;
  /** Of a member: which person they are, as the issuer names them. Null for other roles. */
  readonly person: string | null;
  /** The e-mail address that the issuer has verified, if the token has one and the settings name its claim. */
  readonly verifiedEmail: string | null;
  /** From then on the token is refused; the skew of clocks is included. */
  readonly expiresAt: Temporal.Instant;
}

/** The clocks of an issuer and of its services may differ by this much. */
export const clockSkewSeconds = 60;

const textMax = 200;
/** The last instant that there is, ECMA-262. */
const lastInstantMs = 8.64e15;

/**
 * The bearer that verified claims name.
 * @throws Refusal UNAUTHENTICATED when they name no subject, or no person for a member; FORBIDDEN when they name no
 *   role of this system, or several
 */
export function identityOf(claims: JWTPayload, { roleClaim, personClaim, emailClaim }: TokenIssuer): Identity {
  const { exp } = claims;
  if (exp === undefined) throw unauthenticated('The token has no expiry.');
  const subject = textAt(claims, 'sub');
  const role = roleAt(claims, roleClaim);
  const expiresAt = Temporal.Instant.fromEpochMilliseconds(
    Math.min(Math.floor((exp + clockSkewSeconds) * 1_000), lastInstantMs),
  );
  const person = role === 'member' ? textAt(claims, personClaim) : null;
  return { subject, role, person, verifiedEmail: verifiedEmailAt(claims, emailClaim), expiresAt };
}

/** The refusal of a token. */
export function unauthenticated(sentence: string): Refusal {
  return new Refusal('UNAUTHENTICATED', sentence);
}

/**
 * The one role of this system among those that the claim lists. Roles of other systems may stand beside it. No role is
 * a part of another, so of several none is chosen. The next token of the same bearer would list the same roles: signing
 * in again would not help.
 */
function roleAt(claims: JWTPayload, name: string): Role {
  const listed = new Set([claimAt(claims, name)].flat().flatMap((value) => String(value).split(' ')));
  const [role, ...others] = roles.filter((known) => listed.has(known));
  if (role === undefined) {
    throw new Refusal('FORBIDDEN', `The token's claim “${name}” has none of the roles ${roles.join(', ')}.`);
  }
  if (others.length > 0) {
    const several = [role, ...others];
    throw new Refusal(
      'FORBIDDEN',
      `The token's claim “${name}” has several roles of this system: ${several.join(', ')}. Request a token with one.`,
      { roles: several },
    );
  }
  return role;
}

/** OpenID Connect Core §5.1: `email`, and `email_verified`, which some issuers write as a text. */
function verifiedEmailAt(claims: JWTPayload, name: string | undefined): string | null {
  if (name === undefined) return null;
  const email = claimAt(claims, name);
  const isVerified = String(claimAt(claims, `${name}_verified`)) === 'true';
  return isVerified && typeof email === 'string' ? email : null;
}

function textAt(claims: JWTPayload, name: string): string {
  const value = claimAt(claims, name);
  if (typeof value === 'string' && value.length > 0 && value.length <= textMax) return value;
  throw unauthenticated(`The token's claim “${name}” is not a text of 1 to ${textMax} characters.`);
}

/** The value of a claim by its name, which may contain dots as URLs do, or by its path through nested claims. */
function claimAt(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
