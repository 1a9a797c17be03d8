import { z } from 'zod';
import { readConfig } from './config.js';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A variable with a TCP port; 0 is any free port. */
export const port = (byDefault: number) => z.coerce.number().int().min(0).max(65_535).default(byDefault);

/** The variables of every process; each adds its own. */
export const processVariables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  OPERATIONS_HOST: z.string().optional(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
});

/** The variables of every service with a broker and Redis; each adds its own. */
export const serviceVariables = processVariables.extend({ REDIS_URL: z.url() });

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The settings of every process. A class, like the settings of each service, so that Nest injects it by its type. */
export abstract class ProcessSettings {
  /** Whether settings for development are forbidden. */
  abstract readonly production: boolean;
  /** The port for health and metrics, which no client of the service reaches. */
  abstract readonly operations: Address;
  abstract readonly logLevel: LogLevel;
}

/** The settings of every service with a broker and Redis. */
export abstract class ServiceSettings extends ProcessSettings {
  abstract readonly amqpUrl: string;
  abstract readonly redisUrl: string;
}

/** The settings of a service with HTTP routes of its own. */
export abstract class HttpServiceSettings extends ServiceSettings {
  abstract readonly host: string;
  abstract readonly port: number;
}

/** The variables of a service as `readServiceConfig` reads them, with the URL of the broker. */
type Given<Variables extends z.ZodObject> = z.output<Variables> & { readonly AMQP_URL: string };

/**
 * Reads the variables of a service. The URL of the broker is `<SERVICE>_AMQP_URL` when that is set, or else `AMQP_URL`.
 * In production its user bears the name of the service (`matricula-payments`): consumers refuse events of a user who is
 * not their producer.
 * @throws Misconfigured naming every variable that is missing or wrong.
 */
export function readServiceConfig<Variables extends z.ZodObject>(
  service: string,
  variables: Variables,
  environment: NodeJS.ProcessEnv,
): Given<Variables> {
  const own = `${service.toUpperCase()}_AMQP_URL`;
  const urlIn = (given: Readonly<Record<string, unknown>>) => given[own] ?? given.AMQP_URL;
  // Reported beside the faults of other variables, and not after them.
  const when = () => true;
  const schema = variables
    .extend({ AMQP_URL: z.url().optional(), [own]: z.url().optional() })
    .refine((given) => urlIn(given) !== undefined, { path: ['AMQP_URL'], error: `is missing (or set ${own})`, when })
    .refine((given) => given.NODE_ENV !== 'production' || bearsName(service, urlIn(given)), {
      path: [own],
      error: `needs a user of its own, whose name ends in ${service}`,
    });
  const given = readConfig(schema, environment);
  return { ...given, AMQP_URL: urlIn(given) } as Given<Variables>;
}

function bearsName(service: string, url: unknown): boolean {
  return new RegExp(`(^|[^a-z])${service}$`).test(decodeURIComponent(URL.parse(String(url))?.username ?? ''));
}

/** The settings of `given`. The port for operations has a variable of its own in each process. */
export function processSettings(given: z.output<typeof processVariables>, operationsPort: number): ProcessSettings {
  return {
    production: given.NODE_ENV === 'production',
    operations: { host: given.OPERATIONS_HOST ?? given.HOST, port: operationsPort },
    logLevel: given.LOG_LEVEL,
  };
}

/** The settings of `given`, with broker and Redis. */
export function serviceSettings(given: Given<typeof serviceVariables>, operationsPort: number): ServiceSettings {
  return {
    ...processSettings(given, operationsPort),
    amqpUrl: given.AMQP_URL,
    redisUrl: given.REDIS_URL,
  };
}
