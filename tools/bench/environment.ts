import { join } from 'node:path';
import { type Accounts, accountsOf, type ServerUrls } from '../apps/accounts.ts';
import {
  type App,
  appNames,
  type DatabaseApp,
  type HttpApp,
  hasRoutes,
  httpApps,
  operationsUrlOf,
  urlOf,
} from '../apps/apps.ts';
import { provisionBroker, provisionDatabases } from '../apps/provision.ts';
import { type ManagedProcess, stopAll } from '../processes/managed-process.ts';
import { removeContainers } from '../servers/docker.ts';
import { serverNames } from '../servers/server.ts';
import { arrangedBroker, arrangedServers, arrangeServers } from '../servers/servers.ts';
import type { DevelopmentIssuer } from '../stack/issuer.ts';
import { migrateAll } from '../stack/migrate.ts';
import { issuerAt, openidProcess } from '../stack/openid.ts';
import { claimPorts, type InstancePorts } from '../stack/ports.ts';
import { type Provider, providerSecrets } from '../stack/provider-secrets.ts';
import { serverUrls } from '../stack/servers.ts';
import { Service } from '../stack/service.ts';
import { type StackSettings, stackSettings } from '../stack/settings.ts';
import { step } from '../terminal.ts';
import { build } from '../workspace/build.ts';
import { givenEnvironment } from '../workspace/environment.ts';
import { Home } from '../workspace/home.ts';
import { root } from '../workspace/root.ts';

/** The system as it is measured: private servers with empty databases, one instance of each service. */
export interface Environment {
  readonly urls: Readonly<Record<HttpApp, string>>;
  readonly servers: ServerUrls;
  readonly pgbench: string;
  readonly secrets: Readonly<Record<Provider, string>>;
  readonly issuer: DevelopmentIssuer;
  /** The provider at which people sign in to the console; started by those who need it. */
  readonly openid: ManagedProcess;
  /** Where health and metrics of an app are. */
  operationsUrl(app: App): string;
  /** As the administrator of the server. */
  databaseUrl(app: DatabaseApp): string;
  /** As the service itself. */
  readonly brokerUrls: Accounts['brokers'];
  /** Services that a row does not need would share the machine with it; so each names those that it measures. */
  startServices(...apps: App[]): Promise<void>;
  stopServices(): Promise<void>;
}

const portShift = 2_000;

/** Makes an environment of its own beside other running systems, and leaves nothing of it behind. */
export async function inEnvironment<Result>(work: (environment: Environment) => Promise<Result>): Promise<Result> {
  const home = new Home(join(root, '.matricula', 'bench'));
  await stopAll(home.processes);
  removeContainers(home);
  home.forget();
  const fresh = new Home(home.path);
  const given = { ...givenEnvironment(), DATABASE_URL: undefined, REDIS_URL: undefined, AMQP_URL: undefined };
  const ports = await claimPorts(fresh, portShift);
  try {
    const servers = await arrangeServers(fresh, serverNames, ports, ['/']);
    await step('servers running', () => Promise.all([...servers.values()].map((server) => server.start())));
    await step('built', build);
    const urls = serverUrls(fresh, given);
    const accounts = accountsOf(fresh, given, urls);
    const issuer = issuerAt(fresh, ports);
    const settings = stackSettings(
      fresh,
      { ...given, LOG_LEVEL: 'warn', STREAMS_PER_CALLER_MAX: '1000' },
      { urls, accounts, ports, issuer },
    );
    await step('accounts made', async () => {
      await provisionDatabases(urls.DATABASE_URL, accounts);
      await provisionBroker(arrangedBroker(fresh), accounts);
    });
    await step('databases migrated', () => migrateAll(settings));
    return await work(environmentOf(fresh, { ports, settings, servers: urls, accounts, issuer }));
  } finally {
    await stopAll(fresh.processes);
    await Promise.all([...arrangedServers(fresh, serverNames).values()].map((server) => server.stop()));
    removeContainers(fresh);
    fresh.forget();
  }
}

function environmentOf(
  home: Home,
  {
    ports,
    settings,
    servers,
    accounts,
    issuer,
  }: {
    ports: InstancePorts;
    settings: StackSettings;
    servers: ServerUrls;
    accounts: Accounts;
    issuer: DevelopmentIssuer;
  },
): Environment {
  const urls = Object.fromEntries(httpApps.map((app) => [app, urlOf(app, ports)])) as Record<HttpApp, string>;
  const services = appNames.map(
    (app) =>
      new Service(
        {
          app,
          name: app,
          url: hasRoutes(app) ? urls[app] : undefined,
          operationsUrl: operationsUrlOf(app, ports),
          env: settings.of(app),
          log: home.log(app),
        },
        home.processes,
      ),
  );
  return {
    urls,
    servers,
    pgbench: pgbenchOf(home),
    secrets: providerSecrets(home),
    issuer,
    openid: openidProcess(home, ports, [urls.console]),
    operationsUrl: (app) => operationsUrlOf(app, ports),
    brokerUrls: accounts.brokers,
    databaseUrl(app) {
      const url = new URL(servers.DATABASE_URL);
      url.pathname = `/matricula_${app}`;
      return url.href;
    },
    startServices: async (...apps) => {
      await Promise.all(services.filter(({ app }) => apps.includes(app)).map((service) => service.start()));
    },
    stopServices: async () => {
      await Promise.all(services.map((service) => service.stop()));
    },
  };
}

/** pgbench comes with the server's own programs. */
function pgbenchOf(home: Home): string {
  const remembered = home.read<{ tools: { postgres: string } | 'docker' }>('servers.json');
  return remembered && remembered.tools !== 'docker' ? join(remembered.tools.postgres, 'pgbench') : 'pgbench';
}
