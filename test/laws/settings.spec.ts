import { describe, expect, it } from '@jest/globals';
import { Misconfigured } from '#kernel/config.js';
import { logLevels } from '#kernel/service-settings.js';
import { readDatabaseRoles } from '#persistence/database-url.js';
import { readConsoleConfig } from '../../apps/console/src/console.config.js';
import { readGatewayConfig } from '../../apps/gateway/src/gateway.config.js';
import { readNotificationsConfig } from '../../apps/notifications/src/notifications.config.js';
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
  OIDC_CLIENT_ID: 'console',
  SESSION_KEY: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  WEBHOOK_SECRET_KEYS: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
};
const inProduction = {
  ...environment,
  GATEWAY_AMQP_URL: 'amqp://matricula-gateway:q3J9vXb1@broker',
  PAYMENTS_AMQP_URL: 'amqp://matricula-payments:q3J9vXb1@broker',
  OPS_AMQP_URL: 'amqp://matricula-ops:q3J9vXb1@broker',
  SUBSCRIPTIONS_AMQP_URL: 'amqp://matricula-subscriptions:q3J9vXb1@broker',
  PROMOTIONS_AMQP_URL: 'amqp://matricula-promotions:q3J9vXb1@broker',
  NOTIFICATIONS_AMQP_URL: 'amqp://matricula-notifications:q3J9vXb1@broker',
  NODE_ENV: 'production',
  SERVICE_URLS: 'payments=http://payments:4601',
  WEBHOOK_STRIPE_SECRETS: 'whsec_of_a_test_only',
};

const services = [
  ['gateway', readGatewayConfig, 4605],
  ['payments', readPaymentsConfig, 4606],
  ['ops', readOpsConfig, 4607],
  ['subscriptions', readSubscriptionsConfig, 4603],
  ['promotions', readPromotionsConfig, 4604],
  ['notifications', readNotificationsConfig, 4617],
] as const;
const withRoutes = [
  ['gateway', readGatewayConfig, 4600],
  ['payments', readPaymentsConfig, 4601],
  ['ops', readOpsConfig, 4602],
  ['console', readConsoleConfig, 4608],
] as const;

describe.each(services)('the settings of %s', (service, read, port) => {
  const portVariable = `${service.toUpperCase()}_OPERATIONS_PORT`;
  const amqpVariable = `${service.toUpperCase()}_AMQP_URL`;

  it('have a default for all but servers and secrets', () => {
    expect(read(environment)).toMatchObject({
      production: false,
      operations: { host: '127.0.0.1', port },
      logLevel: 'info',
      amqpUrl: 'amqp://broker',
      redisUrl: 'redis://store/3',
    });
  });

  it('are what the variables say', () => {
    expect(read({ ...inProduction, HOST: '0.0.0.0', [portVariable]: '8080' })).toMatchObject({
      production: true,
      operations: { host: '0.0.0.0', port: 8080 },
      amqpUrl: `amqp://matricula-${service}:q3J9vXb1@broker`,
    });
    expect(read({ ...inProduction, HOST: '0.0.0.0', OPERATIONS_HOST: '::1' })).toMatchObject({
      operations: { host: '::1', port },
    });
  });

  it('refuse a broker user in production who is not that of the service', () => {
    for (const user of ['', 'matricula:secret@', 'matricula-other:secret@', `not${service}:secret@`]) {
      expect(() => read({ ...inProduction, [amqpVariable]: `amqp://${user}broker` })).toThrow(`${amqpVariable}: `);
    }
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

describe.each(withRoutes)('the clients of %s', (service, read, port) => {
  it('have a port of their own', () => {
    expect(read(environment)).toMatchObject({ host: '127.0.0.1', port });
    expect(read({ ...environment, HOST: '0.0.0.0', [`${service.toUpperCase()}_PORT`]: '8080' })).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
    });
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

  it('is migrated by its owner, and the role of the service is granted what it needs', () => {
    const migration = `${service.toUpperCase()}_MIGRATION_DATABASE_URL`;
    const given = { [own]: 'postgresql://runs:p@db/one', [migration]: 'postgresql://owns:p@db/one' };
    expect(readDatabaseRoles(service, given)).toEqual({ ownerUrl: given[migration], runtimeRole: 'runs' });
    expect(readDatabaseRoles(service, { [own]: given[own] })).toEqual({ ownerUrl: given[own], runtimeRole: undefined });
    for (const owner of [undefined, given[own]]) {
      const wrong = { ...given, [migration]: owner, NODE_ENV: 'production' };
      expect(() => readDatabaseRoles(service, wrong)).toThrow(`${migration}: names the owner`);
    }
  });
});
