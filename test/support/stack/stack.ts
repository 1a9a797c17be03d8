import { tail } from '../../../tools/processes/managed-process.ts';
import { type PrivateServer, type ServerName, serverNames } from '../../../tools/servers/server.ts';
import { arrangedServers } from '../../../tools/servers/servers.ts';
import { type App, appNames } from '../../../tools/stack/apps.ts';
import { databaseUrl } from '../../../tools/stack/databases.ts';
import { type Finished, runEntryPoint } from '../../../tools/stack/entry-point.ts';
import { DevelopmentIssuer, type Role } from '../../../tools/stack/issuer.ts';
import { migrateAll } from '../../../tools/stack/migrate.ts';
import { instancePorts } from '../../../tools/stack/ports.ts';
import { conversionsSecret, type Provider, providerSecrets } from '../../../tools/stack/provider-secrets.ts';
import { Service } from '../../../tools/stack/service.ts';
import { serviceSettings } from '../../../tools/stack/settings.ts';
import { type Home, testHome } from '../../../tools/workspace/home.ts';
import { leavePlaces, nextPlaces, type Places } from './stack-places.js';

export type { App } from '../../../tools/stack/apps.ts';
export type { Service } from '../../../tools/stack/service.ts';

export interface StackOptions {
  /** How many instances of each app run side by side. */
  readonly instances?: number;
  /** Settings of the services beyond the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * The whole system for one journey: every app as a process, on ports and with data of its own.
 * Its servers are those of the test run. A journey may kill, freeze and start them again; the next stack finds them
 * whole.
 */
export class Stack {
  readonly servers: Readonly<Record<ServerName, PrivateServer>>;
  /** What the providers sign with. */
  readonly secrets: Readonly<Record<Provider, string>>;
  /** What outside systems sign their conversions with. */
  readonly conversionsSecret: string;
  readonly #issuer: DevelopmentIssuer;
  readonly #places: Places;
  readonly #settings: NodeJS.ProcessEnv;
  readonly #services: readonly Service[];

  private constructor(
    home: Home,
    servers: Record<ServerName, PrivateServer>,
    places: Places,
    settings: NodeJS.ProcessEnv,
    services: readonly Service[],
  ) {
    this.servers = servers;
    this.secrets = providerSecrets(home);
    this.conversionsSecret = conversionsSecret(home);
    this.#issuer = new DevelopmentIssuer(home);
    this.#places = places;
    this.#settings = settings;
    this.#services = services;
  }

  /** Migrates empty databases and starts every instance of every app. */
  static async start({ instances = 1, settings: extra = {} }: StackOptions = {}): Promise<Stack> {
    const home = testHome();
    const servers = Object.fromEntries(arrangedServers(home, serverNames)) as Record<ServerName, PrivateServer>;
    await Promise.all(Object.values(servers).map(makeWhole));
    const places = await nextPlaces(home, servers);
    const ports = Array.from({ length: instances }, (_, instance) => instancePorts(home, instance));
    const given = { PATH: process.env.PATH, ...places.databases, SERVICE_URLS: serviceUrls(ports) };
    const settings = ports.map((ofInstance) => ({
      ...serviceSettings(home, given, places.urls, ofInstance),
      ...extra,
    }));
    const services = ports.flatMap((ofInstance, instance) =>
      appNames.map((app) => {
        const name = `stack-${places.number}-${app}-${instance + 1}`;
        const url = `http://127.0.0.1:${ofInstance[app]}`;
        return new Service({ app, name, url, env: settings[instance], log: home.log(name) }, home.processes);
      }),
    );
    const stack = new Stack(home, servers, places, settings[0] ?? {}, services);
    try {
      await migrateAll(stack.#settings);
      await Promise.all(services.map((service) => service.start()));
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  get gatewayUrl(): string {
    return this.service('gateway').url;
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

  /** The address of an app's database, for a test that has to look behind the edges. */
  databaseUrl(app: App): string {
    return databaseUrl(app, this.#settings);
  }

  get brokerUrl(): string {
    return this.#places.urls.AMQP_URL;
  }

  get redisUrl(): string {
    return this.#places.urls.REDIS_URL;
  }

  /** Runs an app's own proof of its data. */
  verify(app: App): Promise<Finished> {
    return runEntryPoint(app, 'verify', this.#settings);
  }

  /** The end of an instance's log. */
  log(service: Service, lines = 200): string {
    return tail(testHome().log(service.name), lines);
  }

  /** @throws when a service did not end well; the next stack finds the servers whole all the same. */
  async stop(): Promise<void> {
    const stops = await Promise.allSettled(this.#services.map((service) => service.stop()));
    await Promise.all(Object.values(this.servers).map(makeWhole));
    await leavePlaces(this.#places);
    const failed = stops.find((stop) => stop.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

/** Every instance of every app, as the ops service wants to know them. */
function serviceUrls(ports: readonly Readonly<Record<App, number>>[]): string {
  return ports.flatMap((ofInstance) => appNames.map((app) => `${app}=http://127.0.0.1:${ofInstance[app]}`)).join(',');
}

async function makeWhole(server: PrivateServer): Promise<void> {
  server.resume();
  await server.start();
}
