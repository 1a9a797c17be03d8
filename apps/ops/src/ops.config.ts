import { z } from 'zod';
import { trustedProxies } from '#http/trusted-proxies.js';
import { issuerOf, issuerVariables, type TokenIssuer } from '#identity/token-issuer.js';
import {
  HttpServiceSettings,
  port,
  readServiceConfig,
  serviceSettings,
  serviceVariables,
} from '#kernel/service-settings.js';
import { readDatabaseUrl } from '#persistence/database-url.js';

/** Where ops reads a service's health and metrics: one process, or every address of the host name. */
export interface Instance {
  readonly service: string;
  readonly url: string;
}

const instanceShape = /^([a-z]+)=(https?:\/\/.+)$/;

/** `gateway=http://a:4605,payments=http://b:4606,payments=http://c:4606`: each instance, or one host name for all. */
const instanceList = z.string().transform((text, context) =>
  text.split(',').map((entry): Instance => {
    const [, service = '', url = ''] = instanceShape.exec(entry.trim()) ?? [];
    if (!URL.canParse(url)) context.addIssue(`"${entry}" is not <service>=<http url>`);
    return { service, url: url.replace(/\/+$/, '') };
  }),
);

const variables = serviceVariables
  .extend(issuerVariables.shape)
  .extend({
    OPS_PORT: port(4602),
    OPS_OPERATIONS_PORT: port(4607),
    GATEWAY_OPERATIONS_PORT: port(4605),
    PAYMENTS_OPERATIONS_PORT: port(4606),
    SUBSCRIPTIONS_OPERATIONS_PORT: port(4603),
    PROMOTIONS_OPERATIONS_PORT: port(4604),
    NOTIFICATIONS_OPERATIONS_PORT: port(4617),
    CONSOLE_OPERATIONS_PORT: port(4609),
    TRUST_PROXY: trustedProxies,
    SERVICE_URLS: instanceList.optional(),
  })
  .refine((given) => given.SERVICE_URLS !== undefined || given.NODE_ENV !== 'production', {
    path: ['SERVICE_URLS'],
    error: 'is missing: name every instance, as in gateway=http://gateway:4605,payments=http://payments:4606',
  });

export abstract class OpsSettings extends HttpServiceSettings {
  abstract readonly trustProxy: boolean | string;
  abstract readonly databaseUrl: string;
  abstract readonly issuer: TokenIssuer;
  abstract readonly instances: readonly Instance[];
}

/** @throws Misconfigured */
export function readOpsConfig(environment: NodeJS.ProcessEnv): OpsSettings {
  const given = readServiceConfig('ops', variables, environment);
  return {
    ...serviceSettings(given, given.OPS_OPERATIONS_PORT),
    host: given.HOST,
    port: given.OPS_PORT,
    trustProxy: given.TRUST_PROXY,
    databaseUrl: readDatabaseUrl('ops', environment),
    issuer: issuerOf(given),
    instances: given.SERVICE_URLS ?? [
      { service: 'gateway', url: `http://127.0.0.1:${given.GATEWAY_OPERATIONS_PORT}` },
      { service: 'payments', url: `http://127.0.0.1:${given.PAYMENTS_OPERATIONS_PORT}` },
      { service: 'subscriptions', url: `http://127.0.0.1:${given.SUBSCRIPTIONS_OPERATIONS_PORT}` },
      { service: 'promotions', url: `http://127.0.0.1:${given.PROMOTIONS_OPERATIONS_PORT}` },
      { service: 'notifications', url: `http://127.0.0.1:${given.NOTIFICATIONS_OPERATIONS_PORT}` },
      { service: 'console', url: `http://127.0.0.1:${given.CONSOLE_OPERATIONS_PORT}` },
    ],
  };
}
