import { describe, expect, it } from '@jest/globals';
import { Misconfigured } from '#kernel/config.js';
import { readConsoleConfig } from './console.config.js';

const key = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const needed = {
  AUTH_ISSUER: 'https://login.school.test/',
  AUTH_AUDIENCE: 'matricula',
  AUTH_JWKS: 'https://login.school.test/jwks',
  OIDC_CLIENT_ID: 'console',
  SESSION_KEY: key,
};
const inProduction = {
  ...needed,
  NODE_ENV: 'production',
  CONSOLE_URL: 'https://console.school.test',
  GATEWAY_URL: 'http://gateway:4600',
};

describe("the console's settings", () => {
  it('have a default for all but the provider and secrets, and need no broker, no Redis and no database', () => {
    expect(readConsoleConfig(needed)).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4608,
      operations: { host: '127.0.0.1', port: 4609 },
      trustProxy: false,
      publicUrl: new URL('http://127.0.0.1:4608'),
      gatewayUrl: new URL('http://127.0.0.1:4600'),
      provider: {
        issuer: new URL('https://login.school.test/'),
        clientSecret: undefined,
        scope: 'openid profile email',
      },
    });
  });

  it('are what the variables say', () => {
    const OIDC_PARAMETERS = 'audience=https%3A%2F%2Fapi.school.test&resource=a&resource=b';
    const { provider, sessionKeys, gatewayUrl } = readConsoleConfig({
      ...inProduction,
      OIDC_ISSUER: 'https://other.school.test',
      OIDC_SCOPE: 'openid offline_access',
      OIDC_PARAMETERS,
      SESSION_KEY: `${Buffer.alloc(32, 7).toString('base64')}, ${key}`,
    });
    expect(provider).toMatchObject({ issuer: new URL('https://other.school.test'), scope: 'openid offline_access' });
    expect([...provider.parameters]).toEqual([
      ['audience', 'https://api.school.test'],
      ['resource', 'a'],
      ['resource', 'b'],
    ]);
    expect(sessionKeys).toEqual([Buffer.alloc(32, 7), Buffer.from(key, 'base64')]);
    expect(gatewayUrl.href).toBe('http://gateway:4600/');
  });

  it.each([
    ['SESSION_KEY', ''],
    ['SESSION_KEY', 'c2hvcnQ='],
    ['SESSION_KEY', `${key},`],
    ['OIDC_CLIENT_ID', ''],
    ['OIDC_SCOPE', 'profile'],
    ['OIDC_ISSUER', 'http://login.school.test'],
    ['CONSOLE_URL', 'http://console.school.test'],
    ['CONSOLE_URL', 'https://school.test/console'],
    ['CONSOLE_URL', 'ftp://console.school.test'],
    ['GATEWAY_URL', 'http://gateway:4600/api'],
    ['GATEWAY_URL', 'gateway'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => readConsoleConfig({ ...needed, [name]: value })).toThrow(Misconfigured);
    expect(() => readConsoleConfig({ ...needed, [name]: value })).toThrow(`${name}: `);
  });

  it('need a provider that can be discovered, where the issuer of tokens is no address', () => {
    const AUTH_ISSUER = 'matricula';
    expect(() => readConsoleConfig({ ...needed, AUTH_ISSUER })).toThrow('OIDC_ISSUER: ');
    expect(readConsoleConfig({ ...needed, AUTH_ISSUER, OIDC_ISSUER: 'https://login.school.test' })).toBeDefined();
  });

  it.each(['CONSOLE_URL', 'GATEWAY_URL'])('need %s in production', (name) => {
    expect(readConsoleConfig(inProduction)).toMatchObject({ production: true });
    expect(() => readConsoleConfig({ ...inProduction, [name]: '' })).toThrow(`${name}: is missing`);
  });
});
