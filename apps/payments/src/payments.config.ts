import { z } from 'zod';
import { Misconfigured, readConfig } from '#kernel/config.js';
import { port, ServiceSettings, serviceSettings, serviceVariables } from '#kernel/service-settings.js';
import { readDatabaseUrl } from '#persistence/database-url.js';
import { providers } from './webhooks/providers/registry.js';
import type { ConfiguredProvider } from './webhooks/receive-webhook.js';

const secrets = z
  .string()
  .default('')
  .transform((list) => list.split(',').flatMap((secret) => secret.trim() || []));

const variables = serviceVariables.extend({
  PAYMENTS_PORT: port(4601),
  WEBHOOK_STANDARD_SECRETS: secrets,
  WEBHOOK_STRIPE_SECRETS: secrets,
});

export abstract class PaymentsSettings extends ServiceSettings {
  abstract readonly databaseUrl: string;
  /** Those that have a secret. Several secrets per provider are valid at the same time, for rotation. */
  abstract readonly providers: readonly ConfiguredProvider[];
}

/** @throws Misconfigured */
export function readPaymentsConfig(environment: NodeJS.ProcessEnv): PaymentsSettings {
  const given = readConfig(variables, environment);
  const secretsOf: Readonly<Record<string, readonly string[]>> = {
    standard: given.WEBHOOK_STANDARD_SECRETS,
    stripe: given.WEBHOOK_STRIPE_SECRETS,
  };
  const configured = providers
    .map((provider) => ({ provider, keys: (secretsOf[provider.name] ?? []).map((secret) => provider.keyOf(secret)) }))
    .filter(({ keys }) => keys.length > 0);
  const settings = serviceSettings(given);
  if (settings.production && configured.length === 0) {
    throw new Misconfigured('WEBHOOK_STANDARD_SECRETS or WEBHOOK_STRIPE_SECRETS: no provider could be believed');
  }
  return {
    ...settings,
    port: given.PAYMENTS_PORT,
    databaseUrl: readDatabaseUrl('payments', environment),
    providers: configured,
  };
}
