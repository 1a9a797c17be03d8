import { z } from 'zod';
import { readConfig } from '#kernel/config.js';
import { logLevels } from '#observability/logger.js';
import { databaseUrlOf } from '#persistence/database.js';

const database = z.object({
  /** Names a server, on which the service has a database of its own. */
  DATABASE_URL: z.url().optional(),
  /** Names the service's database, wherever it is. */
  SUBSCRIPTIONS_DATABASE_URL: z.url().optional(),
});

const shape = database.extend({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  SUBSCRIPTIONS_PORT: z.coerce.number().int().min(0).max(65_535).default(4603),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  AMQP_URL: z.url(),
  REDIS_URL: z.url(),
  SWEEP_SECONDS: z.coerce.number().int().min(1).max(3_600).default(30),
});

export interface SubscriptionsSettings {
  readonly production: boolean;
  readonly host: string;
  /** For health and metrics only. */
  readonly port: number;
  readonly logLevel: (typeof logLevels)[number];
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  readonly redisUrl: string;
  /** How often overdue orders are looked for whose expiry job was lost. */
  readonly sweepEveryMs: number;
}

/** @throws Misconfigured */
export function readSubscriptionsConfig(environment: NodeJS.ProcessEnv): SubscriptionsSettings {
  const given = readConfig(shape, environment);
  return {
    production: given.NODE_ENV === 'production',
    host: given.HOST,
    port: given.SUBSCRIPTIONS_PORT,
    logLevel: given.LOG_LEVEL,
    databaseUrl: readDatabaseUrl(environment),
    amqpUrl: given.AMQP_URL,
    redisUrl: given.REDIS_URL,
    sweepEveryMs: given.SWEEP_SECONDS * 1_000,
  };
}

/** All that migrating and verifying need to know. @throws Misconfigured */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv): string {
  const named = database.refine((given) => given.DATABASE_URL ?? given.SUBSCRIPTIONS_DATABASE_URL, {
    path: ['DATABASE_URL'],
    error: 'is missing (or name the database itself in SUBSCRIPTIONS_DATABASE_URL)',
  });
  const given = readConfig(named, environment);
  return given.SUBSCRIPTIONS_DATABASE_URL ?? databaseUrlOf('subscriptions', given.DATABASE_URL as string);
}
