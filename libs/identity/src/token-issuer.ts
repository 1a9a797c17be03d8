import { z } from 'zod';

/** The issuer whose tokens a service accepts. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's public keys are: an `https:` URL, or a `file:` URL of a JWKS document. */
  readonly jwks: string;
}

/** The environment variables of a service that accepts tokens. */
export const issuerVariables = z.object({
  AUTH_ISSUER: z.string().min(1),
  AUTH_AUDIENCE: z.string().min(1),
  AUTH_JWKS: z.url(),
});

/** The issuer that the variables name. */
export function issuerOf(given: z.output<typeof issuerVariables>): TokenIssuer {
  return { issuer: given.AUTH_ISSUER, audience: given.AUTH_AUDIENCE, jwks: given.AUTH_JWKS };
}
