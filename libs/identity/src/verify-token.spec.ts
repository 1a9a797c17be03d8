import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { MovableClock } from '../../../test/support/movable-clock.js';
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

describe('a token verifier', () => {
  const clock = new MovableClock('2026-03-02T09:00:00Z');
  let folder: string;
  let jwksPath: string;
  let key: Key;
  let verifier: TokenVerifier;

  /** A good token for an hour, but for what `other` says. */
  function token(other: Record<string, unknown> = {}, signer: Key = key): Promise<string> {
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
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: signer.id }).sign(signer.privateKey);
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'identity-'));
    jwksPath = join(folder, 'jwks.json');
    key = await newKey('first');
    await writeFile(jwksPath, await jwksOf(key));
    verifier = new TokenVerifier({ issuer, audience, jwks: pathToFileURL(jwksPath).href }, clock);
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('returns the bearer of a valid token, each time', async () => {
    const good = await token({ role: 'ops', sub: 'olga' });
    expect(await verifier.verify(good)).toEqual({ subject: 'olga', role: 'ops' });
    expect(await verifier.verify(good)).toEqual({ subject: 'olga', role: 'ops' });
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
    ['no role', { role: undefined }],
    ['an unknown role', { role: 'root' }],
    ['several roles', { role: ['member', 'admin'] }],
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
    const late = new TokenVerifier({ issuer, audience, jwks: pathToFileURL(path).href }, clock);
    const good = await token();
    await expect(late.verify(good)).rejects.toBeInstanceOf(IssuerUnavailable);
    await writeFile(path, await jwksOf(key));
    expect(await late.verify(good)).toEqual({ subject: 'person-1', role: 'member' });
  });

  it('takes keys only from an https: or file: address', () => {
    expect(() => new TokenVerifier({ issuer, audience, jwks: 'http://issuer.test/jwks' }, clock)).toThrow('https:');
  });
});
