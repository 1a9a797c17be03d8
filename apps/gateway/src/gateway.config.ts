import { z } from 'zod';
import { readConfig } from '#kernel/config.js';
import { logLevels } from '#observability/logger.js';
import { trustedProxies } from '#observability/trusted-proxies.js';
import { keyOf } from './edge/standard-signature.js';

const url = z.url();
const count = z.coerce.number().int().min(1);

/** Of Standard Webhooks, separated by commas: all are valid, for rotation. */
const secrets = z
  .string()
  .default('')
  .transform((list, context) => {
    const given = list.split(',').map((secret) => secret.trim());
    try {
      return given.filter((secret) => secret !== '').map(keyOf);
    } catch (error) {
      context.addIssue((error as Error).message);
      return z.NEVER;
    }
  });

const shape = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(4600),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  TRUST_PROXY: trustedProxies,
  AMQP_URL: url,
  REDIS_URL: url,
  AUTH_ISSUER: z.string().min(1),
  AUTH_AUDIENCE: z.string().min(1),
  AUTH_JWKS: url,
  RPC_TIMEOUT_MS: count.max(30_000).default(5_000),
  CONNECTIONS_MAX: count.default(10_000),
  STREAMS_MAX: count.default(1_000),
  STREAMS_PER_CALLER_MAX: count.default(20),
  CONVERSIONS_SECRETS: secrets,
  RATE_LIMIT_PER_MINUTE: count.optional(),
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: count.optional(),
  CODE_ATTEMPTS_PERSON_MAX: count.optional(),
  CODE_ATTEMPTS_ADDRESS_MAX: count.optional(),
  CODE_ATTEMPTS_PREFIX_MAX: count.optional(),
});

/** A class, so that Nest can hand it in by its type. */
export abstract class GatewaySettings {
  abstract readonly host: string;
  abstract readonly port: number;
  abstract readonly logLevel: (typeof logLevels)[number];
  /** Whose `X-Forwarded-For` is believed: nobody’s, everybody’s, or that of the proxies at these addresses, by commas. */
  abstract readonly trustProxy: boolean | string;
  abstract readonly amqpUrl: string;
  abstract readonly redisUrl: string;
  abstract readonly issuer: { readonly issuer: string; readonly audience: string; readonly jwks: string };
  /** What outside systems sign their conversions with; without any, only admins can tell of conversions. */
  abstract readonly conversionKeys: readonly Buffer[];
  /** How long a service may take to answer before the caller gets a 503. */
  abstract readonly rpcTimeoutMs: number;
  abstract readonly connectionsMax: number;
  abstract readonly streams: { readonly max: number; readonly perCallerMax: number };
  /** Requests per minute: of one token's subject, and of one address without a good token. */
  abstract readonly limits: { readonly perSubject: number; readonly perAddress: number };
  /** Promo codes that do not work, tried within ten minutes: by one subject, from one address, beginning alike. */
  abstract readonly codeAttempts: {
    readonly perPerson: number;
    readonly perAddress: number;
    readonly perPrefix: number;
  };
}

/** Development machines run benches and test suites; nobody attacks them. */
const limitsByDefault = {
  development: { perSubject: 1_000_000, perAddress: 10_000 },
  test: { perSubject: 1_000_000, perAddress: 10_000 },
  production: { perSubject: 1_200, perAddress: 60 },
};

const attemptsByDefault = {
  development: { perPerson: 1_000, perAddress: 10_000, perPrefix: 100_000 },
  test: { perPerson: 1_000, perAddress: 10_000, perPrefix: 100_000 },
  production: { perPerson: 20, perAddress: 100, perPrefix: 2_000 },
};

/** @throws Misconfigured */
export function readGatewayConfig(environment: NodeJS.ProcessEnv): GatewaySettings {
  const given = readConfig(shape, environment);
  const defaults = limitsByDefault[given.NODE_ENV];
  const attempts = attemptsByDefault[given.NODE_ENV];
  return {
    host: given.HOST,
    port: given.GATEWAY_PORT,
    logLevel: given.LOG_LEVEL,
    trustProxy: given.TRUST_PROXY,
    amqpUrl: given.AMQP_URL,
    redisUrl: given.REDIS_URL,
    issuer: { issuer: given.AUTH_ISSUER, audience: given.AUTH_AUDIENCE, jwks: given.AUTH_JWKS },
    conversionKeys: given.CONVERSIONS_SECRETS,
    rpcTimeoutMs: given.RPC_TIMEOUT_MS,
    connectionsMax: given.CONNECTIONS_MAX,
    streams: { max: given.STREAMS_MAX, perCallerMax: given.STREAMS_PER_CALLER_MAX },
    limits: {
      perSubject: given.RATE_LIMIT_PER_MINUTE ?? defaults.perSubject,
      perAddress: given.RATE_LIMIT_ANONYMOUS_PER_MINUTE ?? defaults.perAddress,
    },
    codeAttempts: {
      perPerson: given.CODE_ATTEMPTS_PERSON_MAX ?? attempts.perPerson,
      perAddress: given.CODE_ATTEMPTS_ADDRESS_MAX ?? attempts.perAddress,
      perPrefix: given.CODE_ATTEMPTS_PREFIX_MAX ?? attempts.perPrefix,
    },
  };
}
