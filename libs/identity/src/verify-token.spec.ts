import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { MovableClock } from '../../../test/support/movable-clock.js';
import { issuerOf, issuerVariables } from './token-issuer.js';
import { IssuerUnavailable, TokenVerifier } from './verify-token.js';

const issuer = 'https://issuer.test';
const audience = 'matricula';
const unauthenticated = expect.objectContaining({ name: 'Refusal', code: 'UNAUTHENTICATED' });

interface Key {
  readonly id: string;
  readonly privateKey: GenerateKeyPairResult['privateKey'];
  readonly publicKey: GenerateKeyPairResult['privateKey'];
}

async function newKey(id: string): Promise<Key> {
  return { id, ...(await generateKeyPair('ES256')) };
}

async function jwksOf(...keys: Key[]): Promise<string> {
  const members = keys.map(async ({ id, publicKey }) => ({ ...(await exportJWK(publicKey)), kid: id, alg: 'ES256' }));
  return JSON.stringify({ keys: await Promise.all(members) });
}

/** The issuer of the tests, with other settings where given. */
const issuerAt = (jwks: string, settings: Record<string, string> = {}) =>
  issuerOf(issuerVariables.parse({ AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS: jwks, ...settings }));

describe('a token verifier', () => {
  const clock = new MovableClock('2026-03-02T09:00:00Z');
  let folder: string;
  let jwksPath: string;
  let key: Key;
  let verifier: TokenVerifier;

  /** A good token for an hour, but for what `other` says. */
  function token(other: Record<string, unknown> = {}, signer: Key = key, typ?: string): Promise<string> {
    const now = Math.floor(clock.now().epochMilliseconds / 1_000);
    const claims = {
      iss: issuer,
      aud: audience,
      sub: 'person-1',
      role: 'member',
      iat: now,
      exp: now + 3_600,
      ...other,
    };
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: signer.id, typ }).sign(signer.privateKey);
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'identity-'));
    jwksPath = join(folder, 'jwks.json');
    key = await newKey('first');
    await writeFile(jwksPath, await jwksOf(key));
    verifier = new TokenVerifier(issuerAt(pathToFileURL(jwksPath).href), clock);
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('returns the bearer of a valid token, each time', async () => {
    const good = await token({ role: 'ops', sub: 'olga' });
    const olga = {
      ...{ subject: 'olga', role: 'ops', person: null, verifiedEmail: null },
      expiresAt: clock.now().add({ minutes: 61 }),
    };
    expect(await verifier.verify(good)).toEqual(olga);
    expect(await verifier.verify(good)).toEqual(olga);
  });

  it('returns the address that the issuer verified, where the settings name its claim', async () => {
    const other = new TokenVerifier(issuerAt(pathToFileURL(jwksPath).href, { AUTH_EMAIL_CLAIM: 'email' }), clock);
    const emailOf = async (claims: object) =>
      (await other.verify(await token({ role: 'ops', sub: 'olga', ...claims }))).verifiedEmail;
    const email = 'olga@example.org';
    expect(await emailOf({ email, email_verified: true })).toBe(email);
    expect(await emailOf({ email, email_verified: 'true' })).toBe(email);
    for (const claims of [
      { email },
      { email, email_verified: false },
      { email, email_verified: 'no' },
      { email_verified: true },
    ]) {
      expect(await emailOf(claims)).toBeNull();
    }
    expect(
      (await verifier.verify(await token({ role: 'ops', sub: 'olga', email, email_verified: true }))).verifiedEmail,
    ).toBeNull();
  });

  describe('of an issuer with claims of its own', () => {
    const verifierWith = (settings: Record<string, string>) =>
      new TokenVerifier(issuerAt(pathToFileURL(jwksPath).href, settings), clock);

    it.each([
      ['realm_access.roles', { realm_access: { roles: ['offline_access', 'admin', 'uma_authorization'] } }],
      ['https://school.test/roles', { 'https://school.test/roles': ['admin'] }],
      ['groups', { groups: 'staff admin' }],
    ])('finds the role in %s', async (name, claims) => {
      const other = verifierWith({ AUTH_ROLE_CLAIM: name });
      expect(await other.verify(await token({ role: undefined, ...claims }))).toMatchObject({ role: 'admin' });
      // The claim of another name says nothing.
      await expect(other.verify(await token({ role: 'admin' }))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    it.each([
      ['no such claim', {}],
      ['no role of ours', { realm_access: { roles: ['offline_access'] } }],
      ['another shape', { realm_access: 'admin' }],
      ['a role inside of a role', { realm_access: { roles: [{ name: 'admin' }, null, 7] } }],
      ['an inherited property', { realm_access: { constructor: 'admin' } }],
    ])('forbids %s: signing in again would not help', async (_, claims) => {
      const other = verifierWith({ AUTH_ROLE_CLAIM: 'realm_access.roles' });
      await expect(other.verify(await token(claims))).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: "The token's claim “realm_access.roles” has none of the roles member, publisher, admin, ops.",
      });
    });

    it('forbids several roles of ours, and names them: none is a part of another', async () => {
      const other = verifierWith({ AUTH_ROLE_CLAIM: 'realm_access.roles' });
      const both = token({ realm_access: { roles: ['admin', 'offline_access', 'member'] } });
      await expect(other.verify(await both)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message:
          "The token's claim “realm_access.roles” has several roles of this system: member, admin. Request a token with one.",
        details: { roles: ['member', 'admin'] },
      });
      const same = await token({ realm_access: { roles: ['admin', 'admin'] } });
      expect(await other.verify(same)).toMatchObject({ role: 'admin' });
    });

    it('finds the person of a member in another claim, and needs it for members only', async () => {
      const other = verifierWith({ AUTH_PERSON_CLAIM: 'preferred_username' });
      expect(await other.verify(await token({ preferred_username: 'asha' }))).toMatchObject({
        subject: 'person-1',
        person: 'asha',
      });
      await expect(other.verify(await token())).rejects.toEqual(unauthenticated);
      expect(await other.verify(await token({ role: 'admin' }))).toMatchObject({ person: null });
    });

    it('believes ids of persons only in the claim that the issuer alone chooses', () => {
      const personsOf = (settings: Record<string, string>) => issuerAt('https://issuer.test/jwks', settings).persons;
      expect(personsOf({})).toBe('by-id');
      expect(personsOf({ AUTH_PERSON_CLAIM: 'preferred_username' })).toBe('by-subject');
      expect(personsOf({ AUTH_PERSON_CLAIM: 'person_id', AUTH_PERSONS: 'by-id' })).toBe('by-id');
    });

    it('accepts only its type of access tokens where it sets one', async () => {
      const strict = verifierWith({ AUTH_TOKEN_TYPE: 'at+jwt' });
      for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt']) {
        expect(await strict.verify(await token({}, key, typ))).toMatchObject({ role: 'member' });
      }
      for (const typ of [undefined, 'JWT', 'logout+jwt']) {
        await expect(strict.verify(await token({}, key, typ))).rejects.toEqual(unauthenticated);
      }
    });
  });

  it('refuses tokens of another type, which the issuer signs with the same keys', async () => {
    for (const typ of [undefined, 'JWT', 'at+jwt']) {
      expect(await verifier.verify(await token({}, key, typ))).toMatchObject({ role: 'member' });
    }
    for (const typ of ['logout+jwt', 'secevent+jwt', 'dpop+jwt']) {
      await expect(verifier.verify(await token({}, key, typ))).rejects.toEqual(unauthenticated);
    }
  });

  it.each([
    ['is valid already', { nbf: 50 }, true],
    ['was issued just now', { iat: 50, nbf: 10 }, true],
    ['is valid from later on', { nbf: 70 }, false],
    ['expired a moment ago', { exp: -50 }, true],
    ['has expired', { exp: -70 }, false],
  ])('allows for a minute between the clocks: a token that %s', async (_, seconds, isAccepted) => {
    const now = Math.floor(clock.now().epochMilliseconds / 1_000);
    const other = Object.fromEntries(Object.entries(seconds).map(([name, offset]) => [name, now + offset]));
    const verified = token(other).then((given) => verifier.verify(given));
    if (isAccepted) expect(await verified).toMatchObject({ role: 'member' });
    else await expect(verified).rejects.toEqual(unauthenticated);
  });

  it('accepts a token that has an expiry with a fraction, or without end', async () => {
    const now = clock.now().epochMilliseconds / 1_000;
    for (const exp of [now + 0.123, 1e15, Number.MAX_SAFE_INTEGER]) {
      expect(await verifier.verify(await token({ exp }))).toMatchObject({ role: 'member' });
    }
  });

  it('refuses a token it has seen once it has expired', async () => {
    const good = await token();
    await verifier.verify(good);
    clock.moveBy({ hours: 2 });
    await expect(verifier.verify(good)).rejects.toEqual(unauthenticated);
  });

  it.each([
    ['another issuer', { iss: 'https://elsewhere.test' }],
    ['another audience', { aud: 'bakery' }],
    ['no audience', { aud: undefined }],
    ['no expiry', { exp: undefined }],
    ['no subject', { sub: undefined }],
    ['a time that has not come', { nbf: 4_000_000_000 }],
  ])('refuses a token with %s', async (_, other) => {
    await expect(verifier.verify(await token(other))).rejects.toEqual(unauthenticated);
  });

  it('refuses a token that somebody else signed under our key id', async () => {
    const forger = { ...(await newKey('forger')), id: 'first' };
    await expect(verifier.verify(await token({}, forger))).rejects.toEqual(unauthenticated);
  });

  it('refuses a token whose claims were changed after signing', async () => {
    const [header, , signature] = (await token()).split('.');
    const claims = Buffer.from(
      JSON.stringify({ iss: issuer, aud: audience, sub: 'person-1', role: 'admin', exp: 4e9 }),
    );
    await expect(verifier.verify(`${header}.${claims.toString('base64url')}.${signature}`)).rejects.toEqual(
      unauthenticated,
    );
  });

  it('refuses a token that is signed with the public key as a shared secret, or not at all', async () => {
    const claims = { iss: issuer, aud: audience, sub: 'person-1', role: 'admin', exp: 4e9 };
    const shared = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(Buffer.from(await jwksOf(key)));
    await expect(verifier.verify(shared)).rejects.toEqual(unauthenticated);
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    await expect(verifier.verify(`${part({ alg: 'none' })}.${part(claims)}.`)).rejects.toEqual(unauthenticated);
  });

  it.each(['', 'x', 'a.b.c', 'ünïcode', 'x'.repeat(100_000)])('refuses rubbish', async (rubbish) => {
    await expect(verifier.verify(rubbish)).rejects.toEqual(unauthenticated);
  });

  it('says that the keys are away, and recovers when they come', async () => {
    const path = join(folder, 'later.json');
    const late = new TokenVerifier(issuerAt(pathToFileURL(path).href), clock);
    const good = await token();
    await expect(late.verify(good)).rejects.toBeInstanceOf(IssuerUnavailable);
    await writeFile(path, await jwksOf(key));
    expect(await late.verify(good)).toMatchObject({ subject: 'person-1', role: 'member', person: 'person-1' });
  });

  it('takes keys only from an https: or file: address', () => {
    expect(() => new TokenVerifier(issuerAt('http://issuer.test/jwks'), clock)).toThrow('https:');
  });
});
