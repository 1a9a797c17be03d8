import { describe, expect, it } from '@jest/globals';
import { readOpsConfig } from './ops.config.js';

const needed = {
  DATABASE_URL: 'postgresql://db/postgres',
  REDIS_URL: 'redis://redis',
  AMQP_URL: 'amqp://broker',
  AUTH_ISSUER: 'https://issuer.test',
  AUTH_AUDIENCE: 'matricula',
  AUTH_JWKS: 'https://issuer.test/jwks',
};

describe("the operators' settings", () => {
  it('find the services of this machine, where they listen, when none are named', () => {
    const { instances, databaseUrl } = readOpsConfig({ ...needed, PAYMENTS_OPERATIONS_PORT: '5601' });
    expect(instances).toContainEqual({ service: 'payments', url: 'http://127.0.0.1:5601' });
    expect(instances.map(({ service }) => service)).toEqual([
      'gateway',
      'payments',
      'subscriptions',
      'promotions',
      'notifications',
      'console',
    ]);
    expect(databaseUrl).toBe('postgresql://db/matricula_ops');
  });

  it('take several instances of a service', () => {
    const SERVICE_URLS = 'payments=http://a:4601/, payments=http://b:4601';
    expect(readOpsConfig({ ...needed, SERVICE_URLS }).instances).toEqual([
      { service: 'payments', url: 'http://a:4601' },
      { service: 'payments', url: 'http://b:4601' },
    ]);
  });

  it.each([
    ['no services in production', { NODE_ENV: 'production' }, 'SERVICE_URLS'],
    ['an address that is none', { SERVICE_URLS: 'payments=nowhere' }, '"payments=nowhere" is not <service>=<http url>'],
    ['no issuer', { AUTH_ISSUER: '' }, 'AUTH_ISSUER'],
  ])('are refused with %s', (_, given, words) => {
    expect(() => readOpsConfig({ ...needed, ...given })).toThrow(words);
  });
});
