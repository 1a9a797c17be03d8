import { type Accounts, accountsOf } from '../../../tools/apps/accounts.ts';
import {
  type App,
  type AppPorts,
  appNames,
  type DatabaseApp,
  hasRoutes,
  type MessagingApp,
  operationsUrlOf,
  urlOf,
} from '../../../tools/apps/apps.ts';
import { type Finished, runEntryPoint } from '../../../tools/apps/entry-point.ts';
import { provisionBroker, provisionDatabases } from '../../../tools/apps/provision.ts';
import { type ManagedProcess, tail } from '../../../tools/processes/managed-process.ts';
import { type PrivateBroker, type PrivateServer, type ServerName, serverNames } from '../../../tools/servers/server.ts';
import { arrangedServers } from '../../../tools/servers/servers.ts';
import type { DevelopmentIssuer, Role } from '../../../tools/stack/issuer.ts';
import { migrateAll } from '../../../tools/stack/migrate.ts';
import { issuerAt, openidProcess } from '../../../tools/stack/openid.ts';
import { type InstancePorts, instancePorts } from '../../../tools/stack/ports.ts';
import { emulatorProcess, emulatorUrlOf } from '../../../tools/stack/provider-emulator.ts';
import { conversionsSecret, type Provider, providerSecrets } from '../../../tools/stack/provider-secrets.ts';
import { Service } from '../../../tools/stack/service.ts';
import { type StackSettings, stackSettings } from '../../../tools/stack/settings.ts';
import { type Home, testHome } from '../../../tools/workspace/home.ts';
import { exclusively } from '../../../tools/workspace/lock.ts';
import { leavePlaces, nextPlaces, type Places, placesOf } from './stack-places.ts';

export type { App } from '../../../tools/apps/apps.ts';
export type { Service } from '../../../tools/stack/service.ts';

export interface StackOptions {
  /** How many instances of each app run side by side. */
  readonly instances?: number;
  /** Whether the console runs too, with its built pages, and the OpenID provider at which people sign in to it. */
  readonly console?: boolean;
  /** Whether the provider emulator runs, on whose pages people pay. It runs with the console. */
  readonly payments?: boolean;
  /** Settings of the services beyond the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface Parts {
  readonly servers: Readonly<Record<ServerName, PrivateServer>>;
  readonly places: Places;
  readonly accounts: Accounts;
  readonly settings: StackSettings;
  readonly services: readonly Service[];
  readonly issuer: DevelopmentIssuer;
  /** The OpenID provider, where the console runs, and the provider emulator. */
  readonly companions: readonly ManagedProcess[];
  readonly emulatorUrl: string;
}

/**
 * The whole system for one journey: every app as a process, on ports and with data of its own,
 * as the database role and the broker user of its own.
 * Its servers are those of the test run. A journey may kill, freeze and start them again; the next stack finds them
 * whole.
 */
export class Stack {
  readonly servers: Readonly<Record<ServerName, PrivateServer>>;
  /** Where the provider emulator is, if it runs. */
  readonly emulatorUrl: string;
  /** What the providers sign with. */
  readonly secrets: Readonly<Record<Provider, string>>;
  /** What outside systems sign their conversions with. */
  readonly conversionsSecret: string;
  readonly #issuer: DevelopmentIssuer;
  readonly #places: Places;
  readonly #accounts: Accounts;
  readonly #settings: StackSettings;
  readonly #services: readonly Service[];
  readonly #companions: readonly ManagedProcess[];

  private constructor(
    home: Home,
    { servers, places, accounts, settings, services, issuer, companions, emulatorUrl }: Parts,
  ) {
    this.servers = servers;
    this.secrets = providerSecrets(home);
    this.conversionsSecret = conversionsSecret(home);
    this.#issuer = issuer;
    this.#companions = companions;
    this.emulatorUrl = emulatorUrl;
    this.#places = places;
    this.#accounts = accounts;
    this.#settings = settings;
    this.#services = services;
  }

  /** Migrates empty databases and starts every instance of every app. */
  static async start(options: StackOptions = {}): Promise<Stack> {
    const home = testHome();
    const servers = serversOf(home);
    await Promise.all(Object.values(servers).map(makeWhole));
    const places = await nextPlaces(home, servers);
    const stack = Stack.#on(home, servers, places, options);
    try {
      // Roles and users are those of the servers, which stacks share: one makes them after the other.
      await Promise.all([
        exclusively(home.file('roles.lock'), () => provisionDatabases(places.urls.DATABASE_URL, stack.#accounts)).then(
          () => migrateAll(stack.#settings),
        ),
        exclusively(home.file('broker-users.lock'), () =>
          provisionBroker(servers.rabbitmq as PrivateBroker, stack.#accounts),
        ),
      ]);
      await Promise.all([...stack.#services, ...stack.#companions].map((process) => process.start()));
    } catch (error) {
      // What was only half started does not stop well, and the reason is the error.
      await stack.stop().catch(() => {});
      throw error;
    }
    return stack;
  }

  /** A stack that another process has started with the same options. */
  static running(number: number, options: StackOptions = {}): Stack {
    const home = testHome();
    const servers = serversOf(home);
    return Stack.#on(home, servers, placesOf(home, number, servers), options);
  }

  static #on(
    home: Home,
    servers: Readonly<Record<ServerName, PrivateServer>>,
    places: Places,
    { instances = 1, console = false, payments = console, settings: extra = {} }: StackOptions,
  ): Stack {
    const ports = Array.from({ length: instances }, (_, instance) => instancePorts(home, places.lane, instance));
    const apps = appNames.filter((app) => console || app !== 'console');
    const given = { PATH: process.env.PATH, SERVICE_URLS: serviceUrls(apps, ports), ...extra };
    const accounts = accountsOf(home, given, places.urls, places.databaseName);
    const [first] = ports as [InstancePorts];
    const issuer = issuerAt(home, first);
    const settings = ports.map((ofInstance) =>
      stackSettings(home, given, { urls: places.urls, accounts, ports: ofInstance, issuer }),
    );
    const services = ports.flatMap((ofInstance, instance) =>
      apps.map((app) => {
        const name = `stack-${places.number}-${app}-${instance + 1}`;
        const url = hasRoutes(app) ? urlOf(app, ofInstance) : undefined;
        const operationsUrl = operationsUrlOf(app, ofInstance);
        const env = settings[instance]?.of(app);
        return new Service({ app, name, url, operationsUrl, env, log: home.log(name) }, home.processes);
      }),
    );
    const named = (name: string) => `stack-${places.number}-${name}`;
    const consoleUrls = ports.map((ofInstance) => urlOf('console', ofInstance));
    const openid = console ? [openidProcess(home, first, consoleUrls, named('openid'))] : [];
    const emulator = payments ? [emulatorProcess(home, first, named('provider-emulator'))] : [];
    const [companions, emulatorUrl] = [[...openid, ...emulator], emulatorUrlOf(first)];
    const [ofFirst] = settings as [StackSettings];
    return new Stack(home, { servers, places, accounts, settings: ofFirst, services, issuer, companions, emulatorUrl });
  }

  /** By this number another process finds it. */
  get number(): number {
    return this.#places.number;
  }

  get gatewayUrl(): string {
    return this.service('gateway').url;
  }

  get consoleUrl(): string {
    return this.service('console').url;
  }

  get webhooksUrl(): string {
    return this.service('payments').url;
  }

  get opsUrl(): string {
    return this.service('ops').url;
  }

  /** The instances of an app, the first one first. */
  instancesOf(app: App): Service[] {
    return this.#services.filter((service) => service.app === app);
  }

  service(app: App, instance = 0): Service {
    const service = this.instancesOf(app)[instance];
    if (!service) throw new Error(`There is no instance ${instance} of ${app}`);
    return service;
  }

  /** A token for a subject: for a member their person id. */
  token(role: Role, subject: string, expires?: string): Promise<string> {
    return this.#issuer.token(role, subject, {}, expires);
  }

  /** The address of an app's database as its administrator, for a test that has to look behind the edges. */
  databaseUrl(app: DatabaseApp): string {
    const { urls, databaseName } = this.#places;
    return Object.assign(new URL(urls.DATABASE_URL), { pathname: `/${databaseName(app)}` }).href;
  }

  /** The address of an app's database as the role that the app runs as. */
  runtimeDatabaseUrl(app: DatabaseApp): string {
    return this.#accounts.databases[app].runtimeUrl;
  }

  /** The address of the broker as the user of an app. */
  brokerUrlOf(app: MessagingApp): string {
    return this.#accounts.brokers[app];
  }

  /** The address of the broker as its administrator. */
  get brokerUrl(): string {
    return this.#places.urls.AMQP_URL;
  }

  get redisUrl(): string {
    return this.#places.urls.REDIS_URL;
  }

  /** Runs an app's own proof of its data. */
  verify(app: App): Promise<Finished> {
    return runEntryPoint(app, 'verify', this.#settings.of(app));
  }

  /** The end of an instance's log. */
  log(service: Service, lines = 200): string {
    return tail(testHome().log(service.name), lines);
  }

  /** @throws when a service did not end well; the next stack finds the servers whole all the same. */
  async stop(): Promise<void> {
    const stops = await Promise.allSettled([...this.#services, ...this.#companions].map((process) => process.stop()));
    await Promise.all(Object.values(this.servers).map(makeWhole));
    await leavePlaces(this.#places);
    const failed = stops.find((stop) => stop.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

function serversOf(home: Home): Readonly<Record<ServerName, PrivateServer>> {
  return Object.fromEntries(arrangedServers(home, serverNames)) as Record<ServerName, PrivateServer>;
}

/** Every instance of every app, as the ops service wants to know them. */
function serviceUrls(apps: readonly App[], ports: readonly AppPorts[]): string {
  return ports.flatMap((ofInstance) => apps.map((app) => `${app}=${operationsUrlOf(app, ofInstance)}`)).join(',');
}

async function makeWhole(server: PrivateServer): Promise<void> {
  server.resume();
  await server.start();
}
