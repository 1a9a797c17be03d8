import { describe, expect, it } from '@jest/globals';
import { Misconfigured } from '#kernel/config.js';
import { logLevels } from '#kernel/service-settings.js';
import { readGatewayConfig } from '../../apps/gateway/src/gateway.config.js';
import { readOpsConfig } from '../../apps/ops/src/ops.config.js';
import { readPaymentsConfig } from '../../apps/payments/src/payments.config.js';
import { readPromotionsConfig } from '../../apps/promotions/src/promotions.config.js';
import { readSubscriptionsConfig } from '../../apps/subscriptions/src/subscriptions.config.js';

/** All that any of them needs. */
const environment = {
  DATABASE_URL: 'postgresql://db:5432/postgres',
  AMQP_URL: 'amqp://broker',
  REDIS_URL: 'redis://store/3',
  AUTH_ISSUER: 'https://issuer.test',
  AUTH_AUDIENCE: 'matricula',
  AUTH_JWKS: 'https://issuer.test/jwks.json',
};
const inProduction = {
  ...environment,
  NODE_ENV: 'production',
  SERVICE_URLS: 'payments=http://payments:4601',
  WEBHOOK_STRIPE_SECRETS: 'whsec_of_a_test_only',
};

const services = [
  ['gateway', readGatewayConfig, 4600],
  ['payments', readPaymentsConfig, 4601],
  ['ops', readOpsConfig, 4602],
  ['subscriptions', readSubscriptionsConfig, 4603],
  ['promotions', readPromotionsConfig, 4604],
] as const;

describe.each(services)('the settings of %s', (service, read, port) => {
  const portVariable = `${service.toUpperCase()}_PORT`;

  it('have a default for all but servers and secrets', () => {
    expect(read(environment)).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port,
      logLevel: 'info',
      amqpUrl: 'amqp://broker',
      redisUrl: 'redis://store/3',
    });
  });

  it('are what the variables say', () => {
    expect(read({ ...inProduction, HOST: '0.0.0.0', [portVariable]: '8080' })).toMatchObject({
      production: true,
      host: '0.0.0.0',
      port: 8080,
    });
  });

  it.each(logLevels)('know the log level %s', (logLevel) => {
    expect(read({ ...environment, LOG_LEVEL: logLevel })).toMatchObject({ logLevel });
  });

  it.each([
    // Taken for development, a misspelt production would run by its rules.
    ['NODE_ENV', 'prod'],
    ['LOG_LEVEL', 'loud'],
    ['AMQP_URL', ''],
    ['AMQP_URL', 'broker'],
    ['REDIS_URL', ''],
    ['REDIS_URL', 'store'],
    [portVariable, '70000'],
    [portVariable, 'http'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => read({ ...environment, [name]: value })).toThrow(Misconfigured);
    expect(() => read({ ...environment, [name]: value })).toThrow(`${name}: `);
  });
});

const withDatabase = services
  .filter(([service]) => service !== 'gateway')
  .map(([service, read]) => [service, read] as const);

describe.each(withDatabase)('the database of %s', (service, read) => {
  const own = `${service.toUpperCase()}_DATABASE_URL`;

  it('is one of its own on the server that is given', () => {
    expect(read(environment)).toMatchObject({ databaseUrl: `postgresql://db:5432/matricula_${service}` });
  });

  it('is elsewhere when it is named itself', () => {
    const databaseUrl = 'postgresql://elsewhere/one';
    expect(read({ ...environment, [own]: databaseUrl })).toMatchObject({ databaseUrl });
  });

  it('has to be named', () => {
    expect(() => read({ ...environment, DATABASE_URL: '' })).toThrow(
      `DATABASE_URL: is missing (or name the database itself in ${own})`,
    );
  });
});
