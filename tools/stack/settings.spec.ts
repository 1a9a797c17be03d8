import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { accountsOf, type ServerUrls } from '../apps/accounts.ts';
import { appNames, hasDatabase, hasMessaging } from '../apps/apps.ts';
import { Home } from '../workspace/home.ts';
import { issuerAt } from './openid.ts';
import { stackSettings } from './settings.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matricula-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const urls = {
  DATABASE_URL: 'postgres://admin:secret@here:1/postgres',
  REDIS_URL: 'redis://here',
  AMQP_URL: 'amqp://admin:secret@here:2/vhost',
};
const ports = {
  gateway: 1,
  payments: 2,
  ops: 3,
  'gateway-operations': 4,
  'payments-operations': 5,
  'ops-operations': 6,
  'subscriptions-operations': 7,
  'promotions-operations': 8,
  console: 9,
  'console-operations': 10,
  'provider-emulator': 12,
  'notifications-operations': 13,
};
const settingsOf = (given: NodeJS.ProcessEnv) => {
  const home = new Home(folder);
  const accounts = accountsOf(home, given, { ...urls, ...(given as Partial<ServerUrls>) });
  const issuer = issuerAt(home, { openid: 11 });
  return stackSettings(home, given, { urls, accounts, ports, issuer });
};

it('services of the launcher run for development, even if the shell is set otherwise', () => {
  const settings = settingsOf({ NODE_ENV: 'production', LOG_LEVEL: 'debug' }).of('payments');
  expect(settings).toMatchObject({
    NODE_ENV: 'development',
    LOG_LEVEL: 'debug',
    REDIS_URL: urls.REDIS_URL,
    PAYMENTS_PORT: '2',
    PAYMENTS_OPERATIONS_PORT: '5',
  });
});

it.each(appNames)('%s gets its own accounts and secrets and no others', (app) => {
  const settings = settingsOf({ AUTH_ISSUER: 'me', PAYMENTS_MIGRATION_DATABASE_URL: 'postgres://mine' }).of(app);
  const text = JSON.stringify(settings);
  expect(text).not.toContain('admin:secret');
  expect(text).not.toContain('mine');
  if (hasMessaging(app))
    expect(settings.AMQP_URL).toMatch(new RegExp(`^amqp://matricula-${app}:[0-9a-f]{36}@here:2/vhost$`));
  else expect(text).not.toMatch(/amqp:|redis:/);
  const databases = Object.keys(settings).filter((name) => name.endsWith('DATABASE_URL') && settings[name]);
  expect(databases).toEqual(hasDatabase(app) ? [`${app.toUpperCase()}_DATABASE_URL`] : []);
  const others = appNames.filter((other) => other !== app);
  for (const other of others) expect(text).not.toMatch(new RegExp(`//matricula[-_]${other}`));
  expect(text).not.toMatch(/matricula_\w+_owner/);
  expect(settings.WEBHOOK_STRIPE_SECRETS !== undefined).toBe(app === 'payments');
  expect(settings.CONVERSIONS_SECRETS !== undefined).toBe(app === 'gateway');
  expect(settings.WEBHOOK_SECRET_KEYS !== undefined).toBe(app === 'notifications');
  expect([settings.SESSION_KEY, settings.OIDC_CLIENT_SECRET].every(Boolean)).toBe(app === 'console');
});

it('payment pages are those of the emulator, or of Stripe with a key of the user’s own', () => {
  const emulated = settingsOf({}).of('payments');
  expect(emulated).toMatchObject({ STRIPE_API_URL: 'http://127.0.0.1:12', CONSOLE_URL: 'http://127.0.0.1:9' });
  expect(emulated.STRIPE_API_KEY).toMatch(/^sk_test_[0-9a-f]{48}$/);
  const key = { STRIPE_API_KEY: 'sk_test_of_mine', WEBHOOK_STRIPE_SECRETS: 'whsec_of_stripe_listen' };
  const real = settingsOf(key).of('payments');
  expect(real).toMatchObject({ STRIPE_API_KEY: 'sk_test_of_mine', STRIPE_API_URL: undefined });
  expect(real.WEBHOOK_STRIPE_SECRETS).toMatch(/^whsec_[0-9a-f]{48},whsec_of_stripe_listen$/);
  expect(settingsOf(key).of('gateway').STRIPE_API_KEY).toBeUndefined();
});

it('migrations run as the owner of the database', () => {
  const settings = settingsOf({}).ofMigrations('payments');
  expect(settings.PAYMENTS_MIGRATION_DATABASE_URL).toMatch(/^postgres:\/\/matricula_payments_owner:/);
  expect(settings.PAYMENTS_DATABASE_URL).toMatch(/^postgres:\/\/matricula_payments:/);
});

it('on a server of the user’s own, services use the user’s account', () => {
  const settings = settingsOf({ DATABASE_URL: 'postgres://me@there/postgres', AMQP_URL: 'amqp://me@there' });
  expect(settings.of('ops')).toMatchObject({
    OPS_DATABASE_URL: 'postgres://me@there/matricula_ops',
    AMQP_URL: 'amqp://me@there',
  });
  expect(settings.of('gateway')).toMatchObject({ DATABASE_URL: undefined });
});
