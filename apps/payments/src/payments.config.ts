import { z } from 'zod';
import { Misconfigured, readConfig } from '#kernel/config.js';
import { databaseUrlOf } from '#persistence/database.js';
import { providers } from './webhooks/providers/registry.js';
import type { ConfiguredProvider } from './webhooks/receive-webhook.js';

const secrets = z
  .string()
  .default('')
  .transform((list) => list.split(',').flatMap((secret) => secret.trim() || []));

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PAYMENTS_PORT: z.coerce.number().int().min(0).max(65_535).default(4601),
  DATABASE_URL: z.url().optional(),
  PAYMENTS_DATABASE_URL: z.url().optional(),
  REDIS_URL: z.url(),
  AMQP_URL: z.url(),
  WEBHOOK_STANDARD_SECRETS: secrets,
  WEBHOOK_STRIPE_SECRETS: secrets,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  NODE_ENV: z.string().default('development'),
});

/** The settings of the payment service, read once at boot. */
export class PaymentsConfig {
  constructor(
    readonly host: string,
    readonly port: number,
    readonly databaseUrl: string,
    readonly redisUrl: string,
    readonly amqpUrl: string,
    /** Those that have a secret. Several secrets per provider are valid at the same time, for rotation. */
    readonly providers: readonly ConfiguredProvider[],
    readonly logLevel: z.output<typeof environment>['LOG_LEVEL'],
    readonly production: boolean,
  ) {}
}

/** @throws Misconfigured naming what an operator has to mend */
export function readPaymentsConfig(env: NodeJS.ProcessEnv): PaymentsConfig {
  const given = readConfig(environment, env);
  const secretsOf: Readonly<Record<string, readonly string[]>> = {
    standard: given.WEBHOOK_STANDARD_SECRETS,
    stripe: given.WEBHOOK_STRIPE_SECRETS,
  };
  const configured = providers
    .map((provider) => ({ provider, keys: (secretsOf[provider.name] ?? []).map((secret) => provider.keyOf(secret)) }))
    .filter(({ keys }) => keys.length > 0);
  const production = given.NODE_ENV === 'production';
  if (production && configured.length === 0) {
    throw new Misconfigured('WEBHOOK_STANDARD_SECRETS or WEBHOOK_STRIPE_SECRETS: no provider could be believed');
  }
  return new PaymentsConfig(
    given.HOST,
    given.PAYMENTS_PORT,
    paymentsDatabaseUrl(env),
    given.REDIS_URL,
    given.AMQP_URL,
    configured,
    given.LOG_LEVEL,
    production,
  );
}

/** What migrations and the verification need, and nothing else. */
export function paymentsDatabaseUrl(env: NodeJS.ProcessEnv): string {
  const { DATABASE_URL: server, PAYMENTS_DATABASE_URL: whole } = readConfig(
    environment.pick({ DATABASE_URL: true, PAYMENTS_DATABASE_URL: true }),
    env,
  );
  if (whole) return whole;
  if (!server) throw new Misconfigured('DATABASE_URL, or PAYMENTS_DATABASE_URL: the database is not named');
  return databaseUrlOf('payments', server);
}
