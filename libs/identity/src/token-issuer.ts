import { z } from 'zod';

/** The issuer whose tokens a service accepts, and what its tokens call a role and a person. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's public keys are: an `https:` URL, or a `file:` URL of a JWKS document. */
  readonly jwks: string;
  /** The claim with the role: its name, or the path to it with dots, such as `realm_access.roles`. */
  readonly roleClaim: string;
  /** The claim that says which person a member is, likewise. */
  readonly personClaim: string;
  /**
   * `by-id`: a UUID in the person claim is the id of the person. `by-subject`: it is not, because persons may choose
   * the value of the claim, such as a user name.
   */
  readonly persons: 'by-id' | 'by-subject';
  /**
   * The claim with the e-mail address of a member, likewise, such as `email`. The issuer has verified the address where
   * the claim of that name and `_verified` is true. Undefined where members state their address themselves.
   */
  readonly emailClaim: string | undefined;
  /** The `typ` that every access token has, such as `at+jwt`; undefined for an issuer that sets none. */
  readonly tokenType: string | undefined;
}

const claimName = z.string().min(1).max(200);

/** The environment variables of a service that accepts tokens. */
export const issuerVariables = z.object({
  AUTH_ISSUER: z.string().min(1),
  AUTH_AUDIENCE: z.string().min(1),
  AUTH_JWKS: z.url(),
  AUTH_ROLE_CLAIM: claimName.default('role'),
  AUTH_PERSON_CLAIM: claimName.default('sub'),
  AUTH_PERSONS: z.enum(['by-id', 'by-subject']).optional(),
  AUTH_EMAIL_CLAIM: claimName.optional(),
  AUTH_TOKEN_TYPE: z.string().min(1).max(100).optional(),
});

/** The issuer that the variables name. Only `sub` is certainly the issuer's choice, so only there UUIDs are ids. */
export function issuerOf(given: z.output<typeof issuerVariables>): TokenIssuer {
  return {
    issuer: given.AUTH_ISSUER,
    audience: given.AUTH_AUDIENCE,
    jwks: given.AUTH_JWKS,
    roleClaim: given.AUTH_ROLE_CLAIM,
    personClaim: given.AUTH_PERSON_CLAIM,
    persons: given.AUTH_PERSONS ?? (given.AUTH_PERSON_CLAIM === 'sub' ? 'by-id' : 'by-subject'),
    emailClaim: given.AUTH_EMAIL_CLAIM,
    tokenType: given.AUTH_TOKEN_TYPE,
  };
}
