import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { type JWTPayload, SignJWT } from 'jose';
import type { Home } from '../workspace/home.ts';

export const roles = ['admin', 'publisher', 'member', 'ops'] as const;
export type Role = (typeof roles)[number];

const issuer = 'https://issuer.matricula.localhost';
const audience = 'matricula';
const keyId = 'development';
const validFor = '30d';

/** Issues tokens for development. Its key pair is made once and never leaves the home folder. */
export class DevelopmentIssuer {
  readonly #key: JsonWebKey;
  readonly #keySet: string;

  constructor(home: Home) {
    this.#key = home.keep('issuer/private-key.json', () =>
      generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
    );
    const publicKey = createPublicKey(createPrivateKey({ key: this.#key, format: 'jwk' })).export({ format: 'jwk' });
    home.write('issuer/jwks.json', { keys: [{ ...publicKey, kid: keyId, alg: 'EdDSA', use: 'sig' }] });
    this.#keySet = pathToFileURL(home.file('issuer/jwks.json')).href;
  }

  /** The settings by which the services trust this issuer. */
  get settings() {
    return { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS: this.#keySet };
  }

  /** A token for a subject: for a member their person id, for the others any name. */
  token(role: Role, subject: string, claims: JWTPayload = {}, expires = validFor): Promise<string> {
    return new SignJWT({ role, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: keyId })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(createPrivateKey({ key: this.#key, format: 'jwk' }));
  }
}
