import { z } from 'zod';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A variable with a TCP port; 0 is any free port. */
export const port = (byDefault: number) => z.coerce.number().int().min(0).max(65_535).default(byDefault);

/** The variables that every service reads; each adds its own. */
export const serviceVariables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  AMQP_URL: z.url(),
  REDIS_URL: z.url(),
});

/** The settings of every service. A class, like the settings of each service, so that Nest injects it by its type. */
export abstract class ServiceSettings {
  /** Whether settings for development are forbidden. */
  abstract readonly production: boolean;
  abstract readonly host: string;
  abstract readonly port: number;
  abstract readonly logLevel: LogLevel;
  abstract readonly amqpUrl: string;
  abstract readonly redisUrl: string;
}

/** The settings of `given`, without the port, which has a variable of its own in each service. */
export function serviceSettings(given: z.output<typeof serviceVariables>): Omit<ServiceSettings, 'port'> {
  return {
    production: given.NODE_ENV === 'production',
    host: given.HOST,
    logLevel: given.LOG_LEVEL,
    amqpUrl: given.AMQP_URL,
    redisUrl: given.REDIS_URL,
  };
}
