import type { Accounts, ServerUrls } from '../apps/accounts.ts';
import {
  type App,
  type AppPort,
  type AppPorts,
  type DatabaseApp,
  databaseApps,
  hasDatabase,
  hasMessaging,
  messagingApps,
  portVariable,
} from '../apps/apps.ts';
import { databaseVariable, migrationVariable } from '../apps/databases.ts';
import { urlVariable } from '../servers/server.ts';
import type { Home } from '../workspace/home.ts';
import type { DevelopmentIssuer } from './issuer.ts';
import { consoleSettings } from './openid.ts';
import type { InstancePorts } from './ports.ts';
import { stripeSettings } from './provider-emulator.ts';
import { conversionsSecret, providerSecrets, webhookSecretKey } from './provider-secrets.ts';

/** The environments in which the programs of one home run. Each has the secrets of its own app and no others. */
export interface StackSettings {
  /** Of an app's server, and of the proof of its data. */
  of(app: App): NodeJS.ProcessEnv;
  /** Of an app's migrations, and of imports: with the owner of its database. */
  ofMigrations(app: DatabaseApp): NodeJS.ProcessEnv;
}

/** What the settings of one home follow from. */
interface StackParts {
  readonly urls: ServerUrls;
  readonly accounts: Accounts;
  readonly ports: AppPorts & Pick<InstancePorts, 'provider-emulator'>;
  readonly issuer: DevelopmentIssuer;
}

/**
 * The settings of all services of one home. What the user gives (LOG_LEVEL, say) goes through; who may sign tokens,
 * notifications and conversions does not, because the launcher hands out such signatures itself.
 */
export function stackSettings(
  home: Home,
  given: NodeJS.ProcessEnv,
  { urls, accounts, ports, issuer }: StackParts,
): StackSettings {
  const { standard } = providerSecrets(home);
  const tokens = issuer.settings;
  const own: Readonly<Partial<Record<App, NodeJS.ProcessEnv>>> = {
    gateway: { ...tokens, CONVERSIONS_SECRETS: `shop=${conversionsSecret(home)}` },
    ops: tokens,
    console: { ...tokens, ...consoleSettings(home) },
    // Endpoints of this machine get deliveries too, which no other installation allows.
    notifications: {
      WEBHOOK_SECRET_KEYS: webhookSecretKey(home),
      WEBHOOK_PRIVATE_NETWORKS: '127.0.0.0/8,::1/128',
      WEBHOOK_PLAIN_HTTP: 'true',
    },
    payments: { WEBHOOK_STANDARD_SECRETS: standard, ...stripeSettings(home, given, ports) },
  };
  const common = {
    LOG_LEVEL: 'info',
    ...given,
    ...Object.fromEntries(secretVariables.map((name) => [name, undefined])),
    // Its issuer and its secrets are for development: in production the services would rightly refuse them.
    NODE_ENV: 'development',
    NODE_OPTIONS: undefined,
    HOST: '127.0.0.1',
    OPERATIONS_HOST: '127.0.0.1',
    ...Object.fromEntries(
      Object.entries(ports).map(([port, number]) => [portVariable(port as AppPort), String(number)]),
    ),
  };
  const of = (app: App) => ({
    ...common,
    ...own[app],
    ...(hasMessaging(app) && { AMQP_URL: accounts.brokers[app], REDIS_URL: urls.REDIS_URL }),
    ...(hasDatabase(app) && { [databaseVariable(app)]: accounts.databases[app].runtimeUrl }),
  });
  return {
    of,
    ofMigrations: (app) => ({ ...of(app), [migrationVariable(app)]: accounts.databases[app].ownerUrl }),
  };
}

/** What is handed to the app alone that needs it. */
const secretVariables: readonly string[] = [
  ...Object.values(urlVariable),
  ...messagingApps.map((app) => `${app.toUpperCase()}_AMQP_URL`),
  ...databaseApps.flatMap((app) => [databaseVariable(app), migrationVariable(app)]),
  'WEBHOOK_STANDARD_SECRETS',
  'WEBHOOK_STRIPE_SECRETS',
  'STRIPE_API_KEY',
  'STRIPE_API_URL',
  'CONSOLE_URL',
  'CONVERSIONS_SECRETS',
  'AUTH_ISSUER',
  'AUTH_AUDIENCE',
  'AUTH_JWKS',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_SCOPE',
  'OIDC_PARAMETERS',
  'GATEWAY_URL',
  'SESSION_KEY',
  'WEBHOOK_SECRET_KEYS',
];
