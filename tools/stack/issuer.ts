import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { type JWTPayload, SignJWT } from 'jose';
import type { Home } from '../workspace/home.ts';
import type { Role } from './roles.ts';

export { type Role, roles } from './roles.ts';

const audience = 'matricula';
const keyId = 'development';
const validFor = '30d';

/**
 * The issuer of tokens for development: the local OpenID provider, and scripts that make tokens without signing in.
 * Its key pair is made once and never leaves the home folder.
 */
export class DevelopmentIssuer {
  readonly #key: JsonWebKey;
  readonly #keySet: string;
  readonly #url: string;

  /** @param url the address of the provider, which is the name of the issuer as well */
  constructor(home: Home, url: string) {
    this.#url = url;
    this.#key = home.keep('issuer/private-key.json', () =>
      generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
    );
    const publicKey = createPublicKey(createPrivateKey({ key: this.#key, format: 'jwk' })).export({ format: 'jwk' });
    home.write('issuer/jwks.json', { keys: [{ ...publicKey, kid: keyId, alg: 'EdDSA', use: 'sig' }] });
    this.#keySet = pathToFileURL(home.file('issuer/jwks.json')).href;
  }

  /** The settings by which the services trust this issuer. */
  get settings() {
    return { AUTH_ISSUER: this.#url, AUTH_AUDIENCE: audience, AUTH_JWKS: this.#keySet };
  }

  /** What the provider needs to issue tokens as this issuer. */
  get signing() {
    return { issuer: this.#url, audience, key: { ...this.#key, kid: keyId, alg: 'EdDSA', use: 'sig' } };
  }

  /** A token for a subject: for a member their person id, for the others any name. */
  token(role: Role, subject: string, claims: JWTPayload = {}, expires = validFor): Promise<string> {
    return new SignJWT({ role, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: keyId })
      .setIssuer(this.#url)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(createPrivateKey({ key: this.#key, format: 'jwk' }));
  }
}
