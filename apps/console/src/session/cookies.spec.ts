import { describe, expect, it } from '@jest/globals';
import { readConsoleConfig } from '../console.config.js';
import { CookieSeal } from './cookie-seal.js';
import { ServerCookie } from './cookies.js';

const [first, second] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string];
const sealWith = (...keys: string[]) =>
  new CookieSeal(
    readConsoleConfig({
      AUTH_ISSUER: 'https://login.school.test',
      AUTH_AUDIENCE: 'matricula',
      AUTH_JWKS: 'https://login.school.test/jwks',
      OIDC_CLIENT_ID: 'console',
      SESSION_KEY: keys.join(','),
    }),
  );

describe('a seal', () => {
  it('opens what one of its keys has sealed, while keys are rotated, and nothing else', async () => {
    const text = await sealWith(first).seal('session', { name: 'Zoë' });
    expect(await sealWith(second, first).open('session', text)).toEqual({ name: 'Zoë' });
    expect(await sealWith(second).open('session', text)).toBeUndefined();
    expect(await sealWith(first).open('sign-in', text)).toBeUndefined();
    const rotated = await sealWith(second, first).seal('session', 1);
    expect(await sealWith(second).open('session', rotated)).toBe(1);
  });

  it('is another one each time, and hides what it seals', async () => {
    const seal = sealWith(first);
    const [one, other] = await Promise.all([seal.seal('session', 'secret'), seal.seal('session', 'secret')]);
    expect(one).not.toBe(other);
    expect(Buffer.from(one.split('.')[3] as string, 'base64url').toString('latin1')).not.toContain('secret');
  });

  it('takes hardly more characters than the tokens that it seals', async () => {
    const token = () => Buffer.from(crypto.getRandomValues(new Uint8Array(1_000))).toString('base64url');
    const [accessToken, refreshToken] = [token(), token()];
    const text = await sealWith(first).seal('session', { accessToken, refreshToken });
    expect(text.length).toBeLessThan((accessToken.length + refreshToken.length) * 1.12);
  });
});

describe('a cookie of this server', () => {
  it('is refused with a sentence when a browser would drop it', () => {
    const cookie = new ServerCookie('matricula', new URL('https://console.school.test'));
    expect(cookie.set('x'.repeat(3_800)).length).toBeLessThan(4_096);
    expect(() => cookie.set('x'.repeat(3_801))).toThrow('The tokens of your account are too large for a cookie.');
  });

  it('is called otherwise over http, where browsers refuse the prefix', () => {
    const [http, https] = ['http://127.0.0.1:4608', 'https://console.school.test'].map(
      (url) => new ServerCookie('matricula', new URL(url)),
    );
    expect(http?.set('x')).toBe('matricula=x; Path=/; HttpOnly; SameSite=Lax');
    expect(https?.set('x')).toBe('__Host-matricula=x; Path=/; HttpOnly; SameSite=Lax; Secure');
    expect(https?.in('matricula=forged; __Host-matricula=x')).toBe('x');
    expect(https?.removed).toBe('__Host-matricula=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0');
  });
});
