import { randomUUID } from 'node:crypto';
import { accountsOf } from '../apps/accounts.ts';
import { appNames, hasRoutes, operationsUrlOf, urlOf } from '../apps/apps.ts';
import { provisionBroker, provisionDatabases } from '../apps/provision.ts';
import type { Supervisor } from '../processes/supervisor.ts';
import { mustAnswer } from '../servers/reach.ts';
import {
  type PrivateBroker,
  type PrivateServer,
  ProcessServer,
  serverNames,
  serverTitle,
  urlVariable,
} from '../servers/server.ts';
import { arrangeServers } from '../servers/servers.ts';
import { playStory } from '../story/story.ts';
import { complain, say, step } from '../terminal.ts';
import { build } from '../workspace/build.ts';
import { givenEnvironment } from '../workspace/environment.ts';
import type { Home } from '../workspace/home.ts';
import type { DevelopmentIssuer } from './issuer.ts';
import { migrateAll } from './migrate.ts';
import { issuerAt, openidProcess, openidUrlOf } from './openid.ts';
import { claimPorts } from './ports.ts';
import { emulatorProcess, emulatorUrlOf, usesStripe } from './provider-emulator.ts';
import { providerSecrets } from './provider-secrets.ts';
import { announceRun, describeRun, type Run } from './running.ts';
import { ownServers, serverUrls } from './servers.ts';
import { Service } from './service.ts';
import { stackSettings } from './settings.ts';
import { stopStack } from './stop-stack.ts';

export interface Launch {
  readonly home: Home;
  /** Filled with the private servers, as soon as there is something to stop. */
  readonly servers: PrivateServer[];
  readonly supervisor: Supervisor;
  /** Aborted when all is to end, whether or not all is up. */
  readonly ending: AbortSignal;
}

/** Servers, build, migrations, services, catalogue and story: all that lies between a clone and a running system. */
export async function bringUp({ home, servers, supervisor, ending }: Launch): Promise<Run> {
  const left = await stopStack(home);
  if (left.length > 0) say(`  an earlier run had left ${left.join(', ')} running`);
  ending.throwIfAborted();
  home.rotateLogs();

  const given = givenEnvironment();
  const own = ownServers(given);
  for (const name of serverNames) {
    const url = given[urlVariable[name]];
    if (url) await mustAnswer(name, url);
  }
  const ports = await claimPorts(home);
  const arranged = await arrangeServers(home, own, ports, ['/']);
  ending.throwIfAborted();
  servers.push(...arranged.values());
  const urls = serverUrls(home, given);
  const accounts = accountsOf(home, given, urls);
  const issuer = issuerAt(home, ports);
  const settings = stackSettings(home, given, { urls, accounts, ports, issuer });
  // The broker takes longest by far; the databases are ready long before it.
  const postgres = arranged.get('postgres');
  const postgresRuns = postgres?.start();
  const titles = own.map((name) => serverTitle[name]).join(', ') || 'your own servers';
  const serversRun = step(`${titles} running`, () =>
    Promise.all(servers.map((server) => (server === postgres ? postgresRuns : server.start()))),
  );
  const built = step('built', build);
  const migrated = Promise.all([built, postgresRuns]).then(async () => {
    ending.throwIfAborted();
    if (accounts.ownDatabases.length > 0)
      await step('databases made, with two roles each', () => provisionDatabases(urls.DATABASE_URL, accounts));
    await step('databases migrated', () => migrateAll(settings));
  });
  const broker = arranged.get('rabbitmq') as PrivateBroker | undefined;
  const brokerReady = Promise.all([built, serversRun]).then(async () => {
    ending.throwIfAborted();
    if (broker) await step('broker users and queues made', () => provisionBroker(broker, accounts));
  });
  await Promise.all([migrated, brokerReady]);
  for (const server of servers) if (server instanceof ProcessServer) supervisor.guard(server);
  ending.throwIfAborted();

  const services = appNames.map(
    (app) =>
      new Service(
        {
          app,
          name: app,
          url: hasRoutes(app) ? urlOf(app, ports) : undefined,
          operationsUrl: operationsUrlOf(app, ports),
          env: settings.of(app),
          log: home.log(app),
        },
        home.processes,
      ),
  );
  const openid = openidProcess(home, ports, [urlOf('console', ports)]);
  const emulator = usesStripe(given) ? [] : [emulatorProcess(home, ports)];
  const started = [...services, openid, ...emulator];
  const names = [...appNames, 'OpenID provider', ...emulator.map(() => 'provider emulator')].join(', ');
  await step(`${names} running`, () => Promise.all(started.map((process) => process.start())));
  for (const process of started) supervisor.guard(process);

  const gateway = urlOf('gateway', ports);
  const addresses = {
    console: urlOf('console', ports),
    gateway,
    webhooks: urlOf('payments', ports),
    ops: urlOf('ops', ports),
    docs: `${gateway}/docs`,
    openid: openidUrlOf(ports),
    ...(emulator.length > 0 && { provider_emulator: emulatorUrlOf(ports) }),
  };
  const personId = await story(home, issuer, addresses);
  const run = await describeRun(home, issuer, addresses, personId);
  announceRun(home, run);
  return run;
}

/** Answers whose story it was. When it fails the system stays up, so that one can look. */
async function story(home: Home, issuer: DevelopmentIssuer, urls: Run['urls']): Promise<string> {
  say();
  try {
    const secrets = providerSecrets(home);
    return await playStory({ gatewayUrl: urls.gateway, webhooksUrl: urls.webhooks, secrets, issuer });
  } catch (error) {
    complain(`The story broke off: ${(error as Error).message}`);
    return randomUUID();
  }
}
