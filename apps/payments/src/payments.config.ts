import { z } from 'zod';
import { trustedProxies } from '#http/trusted-proxies.js';
import { signingKeys } from '#identity/signature.js';
import { Misconfigured } from '#kernel/config.js';
import {
  HttpServiceSettings,
  port,
  readServiceConfig,
  serviceSettings,
  serviceVariables,
} from '#kernel/service-settings.js';
import { readDatabaseUrl } from '#persistence/database-url.js';
import type { Acceptance } from './webhooks/domain/acceptance.js';
import { standard } from './webhooks/domain/standard.js';
import { stripe } from './webhooks/domain/stripe.js';
import type { ConfiguredProvider } from './webhooks/receiving/verify-request.js';

const count = z.coerce.number().int().min(1);

const variables = serviceVariables.extend({
  PAYMENTS_PORT: port(4601),
  TRUST_PROXY: trustedProxies,
  PAYMENTS_OPERATIONS_PORT: port(4606),
  WEBHOOK_STANDARD_SECRETS: signingKeys(standard.keyOf),
  WEBHOOK_STRIPE_SECRETS: signingKeys(stripe.keyOf),
  WEBHOOK_REJECTED_PER_MINUTE: count.optional(),
  WEBHOOK_STRIPE_ACCOUNTS: z
    .string()
    .default('')
    .transform((list) => new Set(list.split(',').flatMap((account) => account.trim() || []))),
  WEBHOOK_UNNAMED_PAYMENTS: z.enum(['suspense', 'stored']).default('suspense'),
  STRIPE_API_KEY: z
    .string()
    .regex(/^[rs]k_(test|live)_\w+$/, 'a secret or restricted key of Stripe begins with sk_ or rk_')
    .optional(),
  STRIPE_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.stripe.com'),
  CONSOLE_URL: z.url({ protocol: /^https?$/ }).optional(),
});

/** Where payment pages are opened, and where they come back to. */
export interface CheckoutSettings {
  readonly apiKey: string;
  readonly apiUrl: string;
  /** The public address of the console, without a slash at its end. */
  readonly consoleUrl: string;
}

export abstract class PaymentsSettings extends HttpServiceSettings {
  /** Which proxies' `X-Forwarded-For` is trusted, as `trustedProxies` reads it. */
  abstract readonly trustProxy: boolean | string;
  abstract readonly databaseUrl: string;
  /** Those that have a secret. Several secrets per provider are valid at the same time, for rotation. */
  abstract readonly providers: readonly ConfiguredProvider[];
  abstract readonly acceptance: Acceptance;
  /** Undefined without a key: no payment page can be opened. */
  abstract readonly checkout: CheckoutSettings | undefined;
  /** Requests per minute of one address that may be refused; more of them are answered 429. */
  abstract readonly rejectedPerMinute: number;
}

/** Development machines run benches and test suites. */
const rejectedPerMinuteByDefault = { development: 10_000, test: 10_000, production: 60 };

/** @throws Misconfigured */
export function readPaymentsConfig(environment: NodeJS.ProcessEnv): PaymentsSettings {
  const given = readServiceConfig('payments', variables, environment);
  const configured = [
    { provider: standard, keys: given.WEBHOOK_STANDARD_SECRETS },
    { provider: stripe, keys: given.WEBHOOK_STRIPE_SECRETS },
  ].filter(({ keys }) => keys.length > 0);
  const settings = serviceSettings(given, given.PAYMENTS_OPERATIONS_PORT);
  if (settings.production && configured.length === 0) {
    throw new Misconfigured('WEBHOOK_STANDARD_SECRETS or WEBHOOK_STRIPE_SECRETS: no provider could be believed');
  }
  return {
    ...settings,
    host: given.HOST,
    port: given.PAYMENTS_PORT,
    trustProxy: given.TRUST_PROXY,
    databaseUrl: readDatabaseUrl('payments', environment),
    providers: configured,
    acceptance: {
      testMode: !settings.production,
      accounts: given.WEBHOOK_STRIPE_ACCOUNTS,
      unnamedPayments: given.WEBHOOK_UNNAMED_PAYMENTS === 'suspense',
    },
    checkout: checkoutOf(given, settings.production),
    rejectedPerMinute: given.WEBHOOK_REJECTED_PER_MINUTE ?? rejectedPerMinuteByDefault[given.NODE_ENV],
  };
}

function checkoutOf(
  { STRIPE_API_KEY: apiKey, STRIPE_API_URL: apiUrl, CONSOLE_URL: consoleUrl }: z.output<typeof variables>,
  production: boolean,
): CheckoutSettings | undefined {
  if (apiKey === undefined) return undefined;
  if (consoleUrl === undefined) throw new Misconfigured('CONSOLE_URL: payment pages must come back to the console');
  if (production && /^[rs]k_test_/.test(apiKey)) {
    throw new Misconfigured('STRIPE_API_KEY: is a key of test mode, whose payments are not taken in production');
  }
  if (production && !apiUrl.startsWith('https:')) {
    throw new Misconfigured('STRIPE_API_URL: the key is sent by https alone');
  }
  return { apiKey, apiUrl, consoleUrl: consoleUrl.replace(/\/+$/, '') };
}
