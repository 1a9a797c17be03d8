import { z } from 'zod';
import { conversionSender } from '#contracts/promotions/conversion-senders.js';
import { trustedProxies } from '#http/trusted-proxies.js';
import { type SenderKey, senderKeys } from '#identity/signature.js';
import { standardKey } from '#identity/standard-webhook.js';
import { issuerOf, issuerVariables, type TokenIssuer } from '#identity/token-issuer.js';
import {
  HttpServiceSettings,
  port,
  readServiceConfig,
  serviceSettings,
  serviceVariables,
} from '#kernel/service-settings.js';
import { originList } from './edge/admission/allowed-origins.js';
import type { StreamLimits } from './orders/stream-shares.js';

const count = z.coerce.number().int().min(1);

const variables = serviceVariables.extend(issuerVariables.shape).extend({
  GATEWAY_PORT: port(4600),
  GATEWAY_OPERATIONS_PORT: port(4605),
  TRUST_PROXY: trustedProxies,
  RPC_TIMEOUT_MS: count.max(30_000).default(5_000),
  CONNECTIONS_MAX: count.default(10_000),
  STREAMS_MAX: count.default(1_000),
  STREAMS_PER_CALLER_MAX: count.default(20),
  STREAMS_PER_ADDRESS_MAX: count.optional(),
  CORS_ORIGINS: originList,
  CONVERSIONS_SECRETS: senderKeys(conversionSender, standardKey),
  RATE_LIMIT_PER_MINUTE: count.optional(),
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: count.optional(),
  CODE_ATTEMPTS_PERSON_MAX: count.optional(),
  CODE_ATTEMPTS_ADDRESS_MAX: count.optional(),
});

export abstract class GatewaySettings extends HttpServiceSettings {
  /** Which proxies' `X-Forwarded-For` is trusted, as `trustedProxies` reads it. */
  abstract readonly trustProxy: boolean | string;
  abstract readonly issuer: TokenIssuer;
  /** The keys of the outside systems that sign conversions; without any, only admins can record conversions. */
  abstract readonly conversionKeys: readonly SenderKey[];
  /** The timeout of a request to a service; after it the caller gets a 503. */
  abstract readonly rpcTimeoutMs: number;
  abstract readonly connectionsMax: number;
  abstract readonly streams: StreamLimits;
  /** The origins whose pages may use the API. */
  abstract readonly corsOrigins: ReadonlySet<string>;
  /** Requests per minute: of one token's subject, and of one address without a valid token. */
  abstract readonly limits: { readonly perSubject: number; readonly perAddress: number };
  /** Failed promo codes in ten minutes: of one subject, who is refused then, and of one address, which is delayed. */
  abstract readonly codeAttempts: { readonly perPerson: number; readonly perAddress: number };
}

/** Development machines run benches and test suites, so their limits are high. */
const limitsByDefault = {
  development: { perSubject: 1_000_000, perAddress: 10_000, streamsPerAddress: () => Number.POSITIVE_INFINITY },
  test: { perSubject: 1_000_000, perAddress: 10_000, streamsPerAddress: () => Number.POSITIVE_INFINITY },
  production: { perSubject: 1_200, perAddress: 60, streamsPerAddress: (max: number) => Math.ceil(max / 4) },
};

const attemptsByDefault = {
  development: { perPerson: 1_000, perAddress: 10_000 },
  test: { perPerson: 1_000, perAddress: 10_000 },
  production: { perPerson: 20, perAddress: 1_000 },
};

/** @throws Misconfigured */
export function readGatewayConfig(environment: NodeJS.ProcessEnv): GatewaySettings {
  const given = readServiceConfig('gateway', variables, environment);
  const defaults = limitsByDefault[given.NODE_ENV];
  const attempts = attemptsByDefault[given.NODE_ENV];
  return {
    ...serviceSettings(given, given.GATEWAY_OPERATIONS_PORT),
    host: given.HOST,
    port: given.GATEWAY_PORT,
    trustProxy: given.TRUST_PROXY,
    issuer: issuerOf(given),
    conversionKeys: given.CONVERSIONS_SECRETS,
    rpcTimeoutMs: given.RPC_TIMEOUT_MS,
    connectionsMax: given.CONNECTIONS_MAX,
    streams: {
      max: given.STREAMS_MAX,
      perCallerMax: given.STREAMS_PER_CALLER_MAX,
      perAddressMax: given.STREAMS_PER_ADDRESS_MAX ?? defaults.streamsPerAddress(given.STREAMS_MAX),
    },
    corsOrigins: given.CORS_ORIGINS,
    limits: {
      perSubject: given.RATE_LIMIT_PER_MINUTE ?? defaults.perSubject,
      perAddress: given.RATE_LIMIT_ANONYMOUS_PER_MINUTE ?? defaults.perAddress,
    },
    codeAttempts: {
      perPerson: given.CODE_ATTEMPTS_PERSON_MAX ?? attempts.perPerson,
      perAddress: given.CODE_ATTEMPTS_ADDRESS_MAX ?? attempts.perAddress,
    },
  };
}
