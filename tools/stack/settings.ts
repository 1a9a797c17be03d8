import type { Home } from '../workspace/home.ts';
import { type App, appNames, portVariable } from './apps.ts';
import { DevelopmentIssuer } from './issuer.ts';
import { conversionsSecret, providerSecrets } from './provider-secrets.ts';

export interface ServerUrls {
  readonly DATABASE_URL: string;
  readonly REDIS_URL: string;
  readonly AMQP_URL: string;
}

/**
 * The environment in which all services of one home run. What the user gives (LOG_LEVEL, say) goes through; who may
 * sign tokens, notifications and conversions does not, because the launcher hands out such signatures itself.
 */
export function serviceSettings(
  home: Home,
  given: NodeJS.ProcessEnv,
  urls: ServerUrls,
  ports: Readonly<Record<App, number>>,
): NodeJS.ProcessEnv {
  const { standard, stripe } = providerSecrets(home);
  return {
    LOG_LEVEL: 'info',
    ...given,
    // Its issuer and its secrets are for development: in production the services would rightly refuse them.
    NODE_ENV: 'development',
    NODE_OPTIONS: undefined,
    HOST: '127.0.0.1',
    ...urls,
    ...new DevelopmentIssuer(home).settings,
    WEBHOOK_STANDARD_SECRETS: standard,
    WEBHOOK_STRIPE_SECRETS: stripe,
    CONVERSIONS_SECRETS: conversionsSecret(home),
    ...Object.fromEntries(appNames.map((app) => [portVariable[app], String(ports[app])])),
  };
}
