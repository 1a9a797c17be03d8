import { z } from 'zod';
import { readConfig } from './config.js';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A variable with a TCP port; 0 is any free port. */
export const port = (byDefault: number) => z.coerce.number().int().min(0).max(65_535).default(byDefault);

/** The variables that every service reads; each adds its own. */
export const serviceVariables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  OPERATIONS_HOST: z.string().optional(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  REDIS_URL: z.url(),
});

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The settings of every service. A class, like the settings of each service, so that Nest injects it by its type. */
export abstract class ServiceSettings {
  /** Whether settings for development are forbidden. */
  abstract readonly production: boolean;
  /** The port for health and metrics, which no client of the service reaches. */
  abstract readonly operations: Address;
  abstract readonly logLevel: LogLevel;
  abstract readonly amqpUrl: string;
  abstract readonly redisUrl: string;
}

/** The settings of a service with HTTP routes of its own. */
export abstract class HttpServiceSettings extends ServiceSettings {
  abstract readonly host: string;
  abstract readonly port: number;
}

/** What `serviceSettings` reads. */
interface Given {
  readonly service: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly variables: z.output<typeof serviceVariables>;
  /** It has a variable of its own in each service. */
  readonly operationsPort: number;
}

/** The settings of a service that all have. @throws Misconfigured */
export function serviceSettings({ service, environment, variables, operationsPort }: Given): ServiceSettings {
  const production = variables.NODE_ENV === 'production';
  return {
    production,
    operations: { host: variables.OPERATIONS_HOST ?? variables.HOST, port: operationsPort },
    logLevel: variables.LOG_LEVEL,
    amqpUrl: readAmqpUrl(service, environment, production),
    redisUrl: variables.REDIS_URL,
  };
}

/**
 * The URL of the broker: `<SERVICE>_AMQP_URL` when that is set, or else `AMQP_URL`. In production its user bears the
 * name of the service (`matricula-payments`): consumers refuse events of a user who is not their producer.
 * @throws Misconfigured
 */
function readAmqpUrl(service: string, environment: NodeJS.ProcessEnv, production: boolean): string {
  const own = `${service.toUpperCase()}_AMQP_URL`;
  const variables = z
    .object({ AMQP_URL: z.url().optional(), [own]: z.url().optional() })
    .refine((given) => given.AMQP_URL ?? given[own], {
      path: ['AMQP_URL'],
      error: `is missing (or set ${own})`,
    })
    .refine((given) => !production || new RegExp(`(^|[^a-z])${service}$`).test(userIn(given[own] ?? given.AMQP_URL)), {
      path: [own],
      error: `needs a user of its own, whose name ends in ${service}`,
    });
  const given = readConfig(variables, environment);
  return (given[own] ?? given.AMQP_URL) as string;
}

function userIn(url: string | undefined): string {
  return url === undefined ? '' : decodeURIComponent(new URL(url).username);
}
