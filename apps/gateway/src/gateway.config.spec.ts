import { describe, expect, it } from '@jest/globals';
import { readGatewayConfig } from './gateway.config.js';

const needed = {
  AMQP_URL: 'amqp://broker',
  REDIS_URL: 'redis://store',
  AUTH_ISSUER: 'https://issuer.test',
  AUTH_AUDIENCE: 'matricula',
  AUTH_JWKS: 'https://issuer.test/jwks.json',
};

describe('the settings of the gateway', () => {
  it('have no server, no issuer and no keys unless they are given', () => {
    for (const name of Object.keys(needed)) {
      expect(() => readGatewayConfig({ ...needed, [name]: '' })).toThrow(new RegExp(name));
    }
  });

  it('are strict in production and generous elsewhere', () => {
    const production = readGatewayConfig({
      ...needed,
      GATEWAY_AMQP_URL: 'amqp://matricula-gateway:q3J9vXb1@broker',
      NODE_ENV: 'production',
    });
    expect(production.limits).toEqual({ perSubject: 1_200, perAddress: 60 });
    expect(production.streams).toEqual({ max: 1_000, perCallerMax: 20, perAddressMax: 250 });
    expect(production.corsOrigins).toEqual(new Set());
    expect(readGatewayConfig(needed).limits).toEqual({ perSubject: 1_000_000, perAddress: 10_000 });
  });

  it('reads other values from the environment', () => {
    const settings = readGatewayConfig({
      ...needed,
      TRUST_PROXY: 'true',
      RATE_LIMIT_PER_MINUTE: '10',
      STREAMS_PER_CALLER_MAX: '1',
    });
    expect(settings).toMatchObject({
      trustProxy: true,
      limits: { perSubject: 10 },
      streams: { max: 1_000, perCallerMax: 1 },
    });
  });

  it.each([
    [undefined, false],
    ['false', false],
    ['true', true],
    ['203.0.113.7', '203.0.113.7'],
    ['uniquelocal, 2001:db8::/32', 'uniquelocal,2001:db8::/32'],
  ])('trust by TRUST_PROXY=%s', (given, trustProxy) => {
    expect(readGatewayConfig({ ...needed, TRUST_PROXY: given })).toMatchObject({ trustProxy });
  });

  it.each([
    ['RPC_TIMEOUT_MS', '0'],
    ['TRUST_PROXY', 'perhaps'],
    ['TRUST_PROXY', '1.2.3'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.0/8,'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', 'true,10.0.0.0/8'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'shop.school.test'],
    ['CORS_ORIGINS', 'https://shop.school.test/'],
    ['CORS_ORIGINS', 'https://shop.school.test, null'],
    ['AUTH_PERSONS', 'ids'],
    ['STREAMS_PER_ADDRESS_MAX', '0'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => readGatewayConfig({ ...needed, [name]: value })).toThrow(new RegExp(name));
  });
});

describe('the secrets of outside systems', () => {
  const [one, other] = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_QzN0aGUgc2VjcmV0IG9mIGEgcml2YWw='];
  const sendersOf = (CONVERSIONS_SECRETS: string) =>
    readGatewayConfig({ ...needed, CONVERSIONS_SECRETS }).conversionKeys.map(({ sender }) => sender);

  it('have names, and a name may have several', () => {
    expect(sendersOf(`shop=${one}, shop=${other}`)).toEqual(['shop', 'shop']);
    expect(sendersOf(`book-shop=${one},rival=${other}`)).toEqual(['book-shop', 'rival']);
    expect(sendersOf('')).toEqual([]);
  });

  it.each([one, other, `=${one}`, `Shop=${one}`, `a shop=${one}`, 'shop=', 'shop=whsec_x', `a=${one},b=${one}`])(
    'are refused as %s',
    (secrets) => {
      expect(() => sendersOf(secrets)).toThrow('CONVERSIONS_SECRETS');
    },
  );
});
