import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import {
  port,
  readServiceConfig,
  ServiceSettings,
  serviceSettings,
  serviceVariables,
} from '#kernel/service-settings.js';
import { readDatabaseUrl } from '#persistence/database-url.js';

/** AES-256 needs a key of this length. */
const keyBytes = 32;

const keyList = z.string().transform((text, context) => {
  const keys = text.split(',').map((key) => Buffer.from(key.trim(), 'base64'));
  if (keys.some(({ length }) => length !== keyBytes)) {
    context.addIssue(`each key is ${keyBytes} bytes in base64: openssl rand -base64 ${keyBytes}`);
  }
  return keys as [Buffer, ...Buffer[]];
});

const networkList = z
  .string()
  .default('')
  .transform((text, context) => {
    const networks = text.split(',').map((network) => network.trim());
    const given = networks.filter((network) => network !== '');
    for (const network of given) {
      if (!ipaddr.isValidCIDR(network)) context.addIssue(`"${network}" is no network, such as 10.1.2.0/24`);
    }
    return given;
  });

const variables = serviceVariables.extend({
  NOTIFICATIONS_OPERATIONS_PORT: port(4617),
  WEBHOOK_SECRET_KEYS: keyList,
  WEBHOOK_PRIVATE_NETWORKS: networkList,
  WEBHOOK_PLAIN_HTTP: z.enum(['true', 'false']).default('false'),
  WEBHOOK_DAYS_KEPT: z.coerce.number().int().min(4).max(3_650).default(30),
  WEBHOOK_FAILING_DAYS_MAX: z.coerce.number().int().min(1).max(365).default(5),
  WEBHOOK_FAILURES_MAX: z.coerce.number().int().min(1).max(1_000_000).default(500),
});

/** Where webhooks may be delivered, beside public servers by https. */
export interface AllowedTargets {
  readonly privateNetworks: readonly string[];
  readonly plainHttp: boolean;
}

/** An endpoint that fails for longer, or more often in a row, is disabled. */
export interface FailureLimits {
  readonly days: number;
  readonly inRow: number;
}

export abstract class NotificationsSettings extends ServiceSettings {
  abstract readonly databaseUrl: string;
  /** What stored secrets are sealed with; the first key seals, all of them open. */
  abstract readonly secretKeys: readonly [Buffer, ...Buffer[]];
  abstract readonly allowedTargets: AllowedTargets;
  /** How long events and their deliveries are kept. */
  abstract readonly daysKept: number;
  abstract readonly failureLimits: FailureLimits;
}

/** @throws Misconfigured */
export function readNotificationsConfig(environment: NodeJS.ProcessEnv): NotificationsSettings {
  const given = readServiceConfig('notifications', variables, environment);
  return {
    ...serviceSettings(given, given.NOTIFICATIONS_OPERATIONS_PORT),
    databaseUrl: readDatabaseUrl('notifications', environment),
    secretKeys: given.WEBHOOK_SECRET_KEYS,
    allowedTargets: {
      privateNetworks: given.WEBHOOK_PRIVATE_NETWORKS,
      plainHttp: given.WEBHOOK_PLAIN_HTTP === 'true',
    },
    daysKept: given.WEBHOOK_DAYS_KEPT,
    failureLimits: { days: given.WEBHOOK_FAILING_DAYS_MAX, inRow: given.WEBHOOK_FAILURES_MAX },
  };
}
