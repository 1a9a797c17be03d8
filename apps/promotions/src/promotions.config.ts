import { z } from 'zod';
import { readConfig } from '#kernel/config.js';
import { logLevels } from '#observability/logger.js';
import { databaseUrlOf } from '#persistence/database.js';

const database = z.object({
  /** Names a server, on which the service has a database of its own. */
  DATABASE_URL: z.url().optional(),
  /** Names the service's database, wherever it is. */
  PROMOTIONS_DATABASE_URL: z.url().optional(),
});

const shape = database.extend({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PROMOTIONS_PORT: z.coerce.number().int().min(0).max(65_535).default(4604),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  AMQP_URL: z.url(),
  REDIS_URL: z.url(),
  HOLD_MINUTES: z.coerce.number().int().min(2).max(1_440).default(15),
  SWEEP_SECONDS: z.coerce.number().int().min(1).max(3_600).default(30),
});

/** A class, so that Nest can hand it in by its type. */
export abstract class PromotionsSettings {
  abstract readonly production: boolean;
  abstract readonly host: string;
  /** For health and metrics only. */
  abstract readonly port: number;
  abstract readonly logLevel: (typeof logLevels)[number];
  abstract readonly databaseUrl: string;
  abstract readonly amqpUrl: string;
  abstract readonly redisUrl: string;
  /** How long a hold waits for its order to be heard of. */
  abstract readonly holdMinutes: number;
  /** How often what a lost Redis lost is looked for in Postgres. */
  abstract readonly sweepEveryMs: number;
}

/** @throws Misconfigured */
export function readPromotionsConfig(environment: NodeJS.ProcessEnv): PromotionsSettings {
  const given = readConfig(shape, environment);
  return {
    production: given.NODE_ENV === 'production',
    host: given.HOST,
    port: given.PROMOTIONS_PORT,
    logLevel: given.LOG_LEVEL,
    databaseUrl: readDatabaseUrl(environment),
    amqpUrl: given.AMQP_URL,
    redisUrl: given.REDIS_URL,
    holdMinutes: given.HOLD_MINUTES,
    sweepEveryMs: given.SWEEP_SECONDS * 1_000,
  };
}

/** All that migrating and verifying need to know. @throws Misconfigured */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv): string {
  const named = database.refine((given) => given.DATABASE_URL ?? given.PROMOTIONS_DATABASE_URL, {
    path: ['DATABASE_URL'],
    error: 'is missing (or name the database itself in PROMOTIONS_DATABASE_URL)',
  });
  const given = readConfig(named, environment);
  return given.PROMOTIONS_DATABASE_URL ?? databaseUrlOf('promotions', given.DATABASE_URL as string);
}
