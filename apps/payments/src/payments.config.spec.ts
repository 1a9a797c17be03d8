import { describe, expect, it } from '@jest/globals';
import { readPaymentsConfig } from './payments.config.js';

const servers = {
  DATABASE_URL: 'postgresql://matricula@127.0.0.1:4610/postgres',
  REDIS_URL: 'redis://127.0.0.1:4611',
  AMQP_URL: 'amqp://127.0.0.1:4612',
};

describe('the settings of the payment service', () => {
  it('take several secrets per provider, and leave out a provider without any', () => {
    const { providers } = readPaymentsConfig({
      ...servers,
      WEBHOOK_STRIPE_SECRETS: 'whsec_the_old_one_of_ours, whsec_the_new_one_of_ours,',
    });
    expect(providers.map(({ provider, keys }) => [provider.name, keys.map(String)])).toEqual([
      ['stripe', ['whsec_the_old_one_of_ours', 'whsec_the_new_one_of_ours']],
    ]);
  });

  it('have no default secret: in production one must be given', () => {
    expect(readPaymentsConfig(servers).providers).toEqual([]);
    const inProduction = {
      ...servers,
      AMQP_URL: 'amqp://matricula-payments:q3J9vXb1@127.0.0.1',
      NODE_ENV: 'production',
    };
    expect(() => readPaymentsConfig(inProduction)).toThrow('WEBHOOK_STANDARD_SECRETS');
  });

  it.each([
    ['WEBHOOK_STANDARD_SECRETS', 'whsec_'],
    ['WEBHOOK_STRIPE_SECRETS', 'short'],
  ])('refuse %s=%s, which cannot be one', (name, secret) => {
    expect(() => readPaymentsConfig({ ...servers, [name]: secret })).toThrow(`${name}: a `);
  });

  it('open payment pages with a key, which come back to the console', () => {
    expect(readPaymentsConfig(servers).checkout).toBeUndefined();
    const key = { STRIPE_API_KEY: 'sk_test_of_ours', CONSOLE_URL: 'https://console.school.test/' };
    expect(readPaymentsConfig({ ...servers, ...key }).checkout).toEqual({
      apiKey: 'sk_test_of_ours',
      apiUrl: 'https://api.stripe.com',
      consoleUrl: 'https://console.school.test',
    });
    expect(() => readPaymentsConfig({ ...servers, ...key, CONSOLE_URL: '' })).toThrow('CONSOLE_URL: ');
  });

  it.each([
    ['STRIPE_API_KEY', 'whsec_of_a_test_only'],
    ['STRIPE_API_KEY', 'pk_live_is_public'],
    ['STRIPE_API_URL', 'api.stripe.com'],
    ['CONSOLE_URL', 'console'],
  ])('refuse %s=%s', (name, value) => {
    const key = { STRIPE_API_KEY: 'sk_test_of_ours', CONSOLE_URL: 'https://console.school.test/' };
    expect(() => readPaymentsConfig({ ...servers, ...key, [name]: value })).toThrow(`${name}: `);
  });

  it.each([
    ['STRIPE_API_KEY', 'sk_test_of_ours'],
    ['STRIPE_API_URL', 'http://api.school.test'],
  ])('refuse %s=%s in production', (name, value) => {
    const production = {
      ...servers,
      AMQP_URL: 'amqp://matricula-payments:q3J9vXb1@127.0.0.1',
      NODE_ENV: 'production',
      WEBHOOK_STRIPE_SECRETS: 'whsec_of_a_test_only',
      STRIPE_API_KEY: 'sk_live_of_ours',
      CONSOLE_URL: 'https://console.school.test',
    };
    expect(readPaymentsConfig(production).checkout).toMatchObject({ apiKey: 'sk_live_of_ours' });
    expect(() => readPaymentsConfig({ ...production, [name]: value })).toThrow(`${name}: `);
  });

  it('name every variable that is missing or wrong', () => {
    expect(() => readPaymentsConfig({ PAYMENTS_PORT: 'http', DATABASE_URL: servers.DATABASE_URL })).toThrow(
      /REDIS_URL.*\n.*PAYMENTS_PORT.*\n.*AMQP_URL: is missing/,
    );
  });
});
