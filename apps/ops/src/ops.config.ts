import { z } from 'zod';
import { readConfig } from '#kernel/config.js';
import { logLevels } from '#observability/logger.js';
import { trustedProxies } from '#observability/trusted-proxies.js';
import { databaseUrlOf } from '#persistence/database.js';

const database = z.object({
  /** Names a server, on which the service has a database of its own. */
  DATABASE_URL: z.url().optional(),
  /** Names the service's database, wherever it is. */
  OPS_DATABASE_URL: z.url().optional(),
});

const port = (usual: number) => z.coerce.number().int().min(0).max(65_535).default(usual);

const shape = database
  .extend({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    HOST: z.string().default('127.0.0.1'),
    OPS_PORT: port(4602),
    GATEWAY_PORT: port(4600),
    PAYMENTS_PORT: port(4601),
    SUBSCRIPTIONS_PORT: port(4603),
    PROMOTIONS_PORT: port(4604),
    LOG_LEVEL: z.enum(logLevels).default('info'),
    TRUST_PROXY: trustedProxies,
    AMQP_URL: z.url(),
    REDIS_URL: z.url(),
    AUTH_ISSUER: z.string().min(1),
    AUTH_AUDIENCE: z.string().min(1),
    AUTH_JWKS: z.url(),
    /** `gateway=http://a:4600,payments=http://b:4601,payments=http://c:4601`: every instance, or a name that has all. */
    SERVICE_URLS: z.string().optional(),
  })
  .refine((given) => given.SERVICE_URLS !== undefined || given.NODE_ENV !== 'production', {
    path: ['SERVICE_URLS'],
    error: 'is missing: name every instance, as in gateway=http://gateway:4600,payments=http://payments:4601',
  });

/** Where a service tells its health and metrics: one running process, or all that its name has an address of. */
export interface Instance {
  readonly service: string;
  readonly url: string;
}

/** A class, so that Nest can hand it in by its type. */
export abstract class OpsSettings {
  abstract readonly production: boolean;
  abstract readonly host: string;
  abstract readonly port: number;
  abstract readonly logLevel: (typeof logLevels)[number];
  abstract readonly trustProxy: boolean | string;
  abstract readonly databaseUrl: string;
  abstract readonly amqpUrl: string;
  abstract readonly redisUrl: string;
  abstract readonly issuer: { readonly issuer: string; readonly audience: string; readonly jwks: string };
  abstract readonly instances: readonly Instance[];
}

/** @throws Misconfigured */
export function readOpsConfig(environment: NodeJS.ProcessEnv): OpsSettings {
  const given = readConfig(shape, environment);
  return {
    production: given.NODE_ENV === 'production',
    host: given.HOST,
    port: given.OPS_PORT,
    logLevel: given.LOG_LEVEL,
    trustProxy: given.TRUST_PROXY,
    databaseUrl: readDatabaseUrl(environment),
    amqpUrl: given.AMQP_URL,
    redisUrl: given.REDIS_URL,
    issuer: { issuer: given.AUTH_ISSUER, audience: given.AUTH_AUDIENCE, jwks: given.AUTH_JWKS },
    instances: readInstances(environment) ?? [
      { service: 'gateway', url: `http://127.0.0.1:${given.GATEWAY_PORT}` },
      { service: 'payments', url: `http://127.0.0.1:${given.PAYMENTS_PORT}` },
      { service: 'subscriptions', url: `http://127.0.0.1:${given.SUBSCRIPTIONS_PORT}` },
      { service: 'promotions', url: `http://127.0.0.1:${given.PROMOTIONS_PORT}` },
    ],
  };
}

const instanceShape = /^([a-z]+)=(https?:\/\/.+)$/;

const instanceList = z.object({
  SERVICE_URLS: z
    .string()
    .transform((text, context) =>
      text.split(',').map((entry): Instance => {
        const [, service = '', url = ''] = instanceShape.exec(entry.trim()) ?? [];
        if (!URL.canParse(url)) context.addIssue(`"${entry}" is not <service>=<http url>`);
        return { service, url: url.replace(/\/+$/, '') };
      }),
    )
    .optional(),
});

function readInstances(environment: NodeJS.ProcessEnv): Instance[] | undefined {
  return readConfig(instanceList, environment).SERVICE_URLS;
}

/** All that migrating needs to know. @throws Misconfigured */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv): string {
  const named = database.refine((given) => given.DATABASE_URL ?? given.OPS_DATABASE_URL, {
    path: ['DATABASE_URL'],
    error: 'is missing (or name the database itself in OPS_DATABASE_URL)',
  });
  const given = readConfig(named, environment);
  return given.OPS_DATABASE_URL ?? databaseUrlOf('ops', given.DATABASE_URL as string);
}
