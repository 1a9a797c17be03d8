import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import type { Address } from '#kernel/service-settings.js';
import { readDatabaseRoles } from '#persistence/database-url.js';
import { readConsoleConfig } from '../../apps/console/src/console.config.js';
import { readGatewayConfig } from '../../apps/gateway/src/gateway.config.js';
import { readNotificationsConfig } from '../../apps/notifications/src/notifications.config.js';
import { readOpsConfig } from '../../apps/ops/src/ops.config.js';
import { readPaymentsConfig } from '../../apps/payments/src/payments.config.js';
import { readPromotionsConfig } from '../../apps/promotions/src/promotions.config.js';
import { readSubscriptionsConfig } from '../../apps/subscriptions/src/subscriptions.config.js';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

interface Settings extends Partial<Address> {
  readonly operations: Address;
  readonly amqpUrl?: string;
}

/** What each service says of an environment: where it would listen, or that it cannot start. */
const readers: Readonly<Record<string, (environment: NodeJS.ProcessEnv) => Settings>> = {
  console: readConsoleConfig,
  gateway: readGatewayConfig,
  notifications: readNotificationsConfig,
  ops: readOpsConfig,
  payments: readPaymentsConfig,
  promotions: readPromotionsConfig,
  subscriptions: readSubscriptionsConfig,
};
const apps = Object.keys(readers);
/** The console talks to the gateway alone. */
const messages = (app: string) => app !== 'console';
/** For clients. The other services have no routes of their own. */
const ports: Readonly<Record<string, number>> = { gateway: 4600, payments: 4601, ops: 4602, console: 4608 };
const operationsPorts: Readonly<Record<string, number>> = {
  subscriptions: 4603,
  promotions: 4604,
  gateway: 4605,
  payments: 4606,
  ops: 4607,
  console: 4609,
  notifications: 4617,
};
/** Whether a service reads a setting: it starts another way, or not at all, when the setting has rubbish in it. */
function readsSetting(app: string, name: string, environment: Readonly<Record<string, string>>): boolean {
  const start = (value: string | undefined) => {
    try {
      return JSON.stringify(readers[app]?.({ ...environment, [name]: value }));
    } catch (error) {
      return (error as Error).message;
    }
  };
  return new Set([start(environment[name]), start(undefined), start('rubbish')]).size > 1;
}

/** The key of the examples: 32 bytes in base64. */
const exampleKey = btoa('no secret, but an example of one');

/** An environment as an operator makes it of the examples: with values of their own. */
const withOwnValues = (environment: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value
        .replaceAll(/whsec_[\w+/=]+/g, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
        .replaceAll(':password@', ':q3J9vXb1@')
        .replace(/^secret$/, 'q3J9vXb1')
        .replace(exampleKey, 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=')
        .replaceAll('.example.org', '.school.test'),
    ]),
  );
/** Where a service listens in containers. */
const listening = (app: string) => ({
  ...(ports[app] && { host: '0.0.0.0', port: ports[app] }),
  operations: { host: '0.0.0.0', port: operationsPorts[app] },
});
const migrates = (app: string) => existsSync(join(root, 'apps', app, 'src/migrate.ts'));
const program = (app: string, name: 'main' | 'migrate') => `dist/apps/${app}/src/${name}.js`;

/** Throws where a container would know more than its own accounts: whose roles and users its URLs name. */
function expectOwnAccounts(app: string, environment: Readonly<Record<string, string>>): void {
  const urls = Object.entries(environment).filter(([, value]) => /^(postgres|amqp)/.test(value));
  const accounts = Object.fromEntries(urls.map(([name, value]) => [name, new URL(value).username]));
  const prefix = app.toUpperCase();
  expect(accounts).toEqual({
    ...(messages(app) && { [`${prefix}_AMQP_URL`]: `matricula-${app}` }),
    ...(migrates(app) && { [`${prefix}_DATABASE_URL`]: `matricula_${app}` }),
  });
}

/** Throws where migrations would run as another role than the owner, or the service as the owner. */
function expectOwner(app: string, environment: Readonly<Record<string, string>>): void {
  const { ownerUrl, runtimeRole } = readDatabaseRoles(app, withOwnValues(environment));
  expect(new URL(ownerUrl).username).toBe(`matricula_${app}_owner`);
  expect(runtimeRole).toBe(`matricula_${app}`);
}

/** What the table of settings says can be set. */
const documented = new Set(
  textOf('docs/configuration.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name)),
);

describe('docker-compose.yml', () => {
  interface Service {
    readonly command?: readonly string[];
    readonly environment?: Readonly<Record<string, string | number>>;
    readonly depends_on?: Readonly<Record<string, unknown>>;
    readonly healthcheck?: { readonly test: readonly string[] };
  }
  const text = textOf('docker-compose.yml');
  const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };

  /** Secrets of outside systems have the names of those. */
  const secretOf = (name: string) =>
    ['SESSION_KEY', 'WEBHOOK_SECRET_KEYS'].includes(name)
      ? exampleKey
      : name === 'STRIPE_API_KEY'
        ? 'sk_live_of_a_test_only'
        : `${name === 'CONVERSIONS_SECRETS' ? 'bookshop=' : ''}whsec_${btoa('no secret, an example')}`;

  /** `.env.example` with its comment signs taken away, and the secrets filled in. */
  const filledIn: Readonly<Record<string, string>> = Object.fromEntries(
    [...textOf('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value || (name.endsWith('_PASSWORD') ? `password_of_${name}` : secretOf(name)),
    ]),
  );
  const interpolated = (value: string | number) =>
    String(value).replace(/\$\{([A-Z_]+)(?::[-?]([^}]*))?\}/g, (_, name, otherwise) => filledIn[name] ?? otherwise);

  const settingsOf = (environment: Readonly<Record<string, string | number>>): Record<string, string> =>
    Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolated(value)]));

  it('makes the accounts that the services use, with their passwords', () => {
    const makers = ['make-databases', 'make-broker-definitions'].map((name) => services[name] as Service);
    expect(makers.map(({ command }) => command?.join(' '))).toEqual([
      expect.stringContaining('dist/apps/ops/src/provision-databases.js'),
      expect.stringContaining('dist/apps/ops/src/print-broker-definitions.js'),
    ]);
    const made = Object.assign({}, ...makers.map(({ environment }) => environment));
    const used = apps.flatMap((app) =>
      [services[app], services[`migrate-${app}`]].map((one) => one?.environment ?? {}),
    );
    const accounts = used.flatMap((environment) =>
      Object.entries(environment).filter(([name]) => /_(AMQP|DATABASE)_URL$/.test(name)),
    );
    for (const [name, url] of accounts) expect([name, made[name]]).toEqual([name, url]);
    const passwords = new Set(accounts.map(([, url]) => new URL(interpolated(url).replaceAll(/[{}]/g, '')).password));
    expect(passwords.size).toBe(new Set(accounts.map(([name]) => name)).size);
  });

  it('asks for nothing that .env.example does not name', () => {
    const asked = [...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
    expect(Object.keys(filledIn)).toEqual(expect.arrayContaining(asked));
  });

  it('has all that its services wait for', () => {
    const awaited = Object.values(services).flatMap(({ depends_on }) => Object.keys(depends_on ?? {}));
    expect(Object.keys(services)).toEqual(expect.arrayContaining(awaited));
  });

  it.each(apps)('runs %s, with settings that it can start with', (app) => {
    const { command, environment = {}, healthcheck, depends_on: awaited } = services[app] as Service;
    const settings = settingsOf(environment);
    expect(command?.at(-1)).toBe(program(app, 'main'));
    expect(settings).toMatchObject({ NODE_ENV: 'production' });
    expect(readers[app]?.(withOwnValues(settings))).toMatchObject(listening(app));
    expect(healthcheck?.test.join()).toContain(`:${operationsPorts[app]}/health/ready`);
    expectOwnAccounts(app, settings);
    expect([...documented]).toEqual(expect.arrayContaining(Object.keys(settings)));
    expect(Object.keys(awaited ?? {})).toEqual(
      expect.arrayContaining([
        ...(messages(app) ? ['redis', 'rabbitmq'] : ['gateway']),
        ...(migrates(app) ? [`migrate-${app}`] : []),
      ]),
    );
  });

  it.each(apps.filter(migrates))('migrates the database of %s before', (app) => {
    const { command, environment = {} } = services[`migrate-${app}`] as Service;
    expect(command?.at(-1)).toBe(program(app, 'migrate'));
    expectOwner(app, settingsOf(environment));
    expect(services[app]?.depends_on?.[`migrate-${app}`]).toEqual({ condition: 'service_completed_successfully' });
  });
});

describe('deploy/kubernetes', () => {
  interface Container {
    readonly command: readonly string[];
    readonly envFrom: readonly { readonly configMapRef?: Named; readonly secretRef?: Named }[];
    readonly env?: readonly (Named & { readonly value: string })[];
    readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
    readonly startupProbe?: Probe;
    readonly livenessProbe?: Probe;
    readonly readinessProbe?: Probe;
  }
  interface Probe {
    readonly httpGet: { readonly port: string };
  }
  interface Named {
    readonly name: string;
  }
  interface Pod {
    readonly enableServiceLinks?: boolean;
    readonly initContainers?: readonly Container[];
    readonly containers: readonly [Container];
  }
  interface Resource {
    readonly kind: string;
    readonly metadata: Named;
    readonly data?: Readonly<Record<string, string>>;
    readonly stringData?: Readonly<Record<string, string>>;
    readonly spec?: {
      readonly selector?: unknown;
      readonly clusterIP?: string;
      readonly publishNotReadyAddresses?: boolean;
      readonly ports?: readonly { readonly port: number }[];
      readonly scaleTargetRef?: Named;
      readonly template?: {
        readonly metadata: { readonly labels: unknown };
        readonly spec: Pod;
      };
    };
  }
  interface NetworkPolicy {
    readonly metadata: Named;
    readonly spec: {
      readonly podSelector: {
        readonly matchLabels?: Readonly<Record<string, string>>;
        readonly matchExpressions?: readonly { readonly values: readonly string[] }[];
      };
      readonly policyTypes: readonly string[];
    } & Partial<
      Record<'ingress' | 'egress', readonly { readonly ports?: readonly { readonly port: number | string }[] }[]>
    >;
  }
  const folder = 'deploy/kubernetes';
  const read = (path: string) =>
    parseAllDocuments(textOf(join(folder, path)), { merge: true }).map((document) => document.toJS() as Resource);

  const kustomization = parse(textOf(join(folder, 'kustomization.yaml'))) as { resources: string[] };
  const resources = kustomization.resources.flatMap(read);
  const examples = globSync('examples/*.yaml', { cwd: join(root, folder) }).flatMap(read);

  const find = (kind: string, name: string) => {
    const found = [...resources, ...examples].filter((one) => one.kind === kind && one.metadata.name === name);
    if (found.length !== 1) throw new Error(`${found.length} times ${kind} ${name}`);
    return found[0] as Resource;
  };
  const podOf = (app: string) => {
    const { template } = find('Deployment', app).spec ?? {};
    if (!template) throw new Error(`${app} has no pods`);
    return template.spec;
  };
  const environmentOf = ({ envFrom, env = [] }: Container) =>
    Object.assign(
      {},
      ...envFrom.map(({ configMapRef, secretRef }) =>
        configMapRef ? find('ConfigMap', configMapRef.name).data : find('Secret', secretRef?.name ?? '').stringData,
      ),
      ...env.map(({ name, value }) => ({ [name]: value })),
    ) as Record<string, string>;

  it('lists all that it has', () => {
    const files = globSync('*.yaml', { cwd: join(root, folder) }).filter((file) => file !== 'kustomization.yaml');
    expect(kustomization.resources.toSorted()).toEqual(files.sort());
  });

  it.each(apps)('runs %s, with settings that it can start with', (app) => {
    const pod = podOf(app);
    const [container] = pod.containers;
    const environment = environmentOf(container);
    expect(container.command.at(-1)).toBe(program(app, 'main'));
    expect(environment).toMatchObject({ NODE_ENV: 'production' });
    expect(readers[app]?.(withOwnValues(environment))).toMatchObject(listening(app));
    expect(container.ports).toEqual([
      ...(ports[app] ? [{ name: 'http', containerPort: ports[app] }] : []),
      { name: 'operations', containerPort: operationsPorts[app] },
    ]);
    for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe])
      expect(probe?.httpGet.port).toBe('operations');
    expectOwnAccounts(app, environment);
    expect([...documented]).toEqual(expect.arrayContaining(Object.keys(environment)));
    // With them a service called payments would set PAYMENTS_PORT.
    expect(pod.enableServiceLinks).toBe(false);
    const migrations = pod.initContainers?.map(({ command }) => command.at(-1)) ?? [];
    expect(migrations).toEqual(migrates(app) ? [program(app, 'migrate')] : []);
  });

  it.each(apps)('has %s refuse every secret of the examples, until somebody has set their own', (app) => {
    const environment = environmentOf(podOf(app).containers[0]);
    const own = withOwnValues(environment);
    const copied = Object.keys(environment).filter((name) => environment[name] !== own[name]);
    const secrets = messages(app)
      ? [`${app.toUpperCase()}_AMQP_URL`, 'REDIS_URL']
      : ['OIDC_CLIENT_SECRET', 'SESSION_KEY'];
    expect(copied).toEqual(expect.arrayContaining(secrets));
    for (const name of copied) {
      const start = () => readers[app]?.({ ...own, [name]: environment[name] });
      // A setting that the service does not read does no harm.
      const isRead = readsSetting(app, name, own);
      if (isRead) expect(start).toThrow(`${name}: has a value of the examples`);
      else expect(start).not.toThrow();
    }
  });

  // Ingresses append to it: who believed everybody would believe the clients.
  it.each(['gateway', 'console'])(
    'has the %s believe the X-Forwarded-For of those it names, and of nobody else',
    (app) => {
      const [container] = podOf(app).containers;
      const settings = readers[app]?.(withOwnValues(environmentOf(container)));
      expect(settings).toMatchObject({ trustProxy: expect.any(String) });
    },
  );

  it.each(apps.filter(migrates))('migrates the database of %s as its owner', (app) => {
    expectOwner(app, environmentOf(podOf(app).initContainers?.[0] as Container));
  });

  it.each(apps)('finds the pods of %s by their labels', (app) => {
    const labels = find('Deployment', app).spec?.template?.metadata.labels;
    expect(find('Deployment', app).spec?.selector).toEqual({ matchLabels: labels });
    if (ports[app])
      expect(find('Service', app).spec).toMatchObject({ selector: labels, ports: [{ port: ports[app] }] });
  });

  it.each(apps)('lets ops ask every pod of %s, ready or not', (app) => {
    const everyPod = { clusterIP: 'None', publishNotReadyAddresses: true };
    const selector = find('Deployment', app).spec?.template?.metadata.labels;
    const open = [{ name: 'operations', port: operationsPorts[app], targetPort: 'operations' }];
    expect(find('Service', `${app}-pods`).spec).toEqual({ ...everyPod, selector, ports: open });
    const watched = readOpsConfig(withOwnValues(environmentOf(podOf('ops').containers[0]))).instances;
    expect(watched).toContainEqual({ service: app, url: `http://${app}-pods:${operationsPorts[app]}` });
  });

  it('lets nothing reach Postgres that has no database, and no port for operations be reached from outside', () => {
    const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as NetworkPolicy[];
    const all = policies.find(({ metadata }) => metadata.name === 'nothing-else');
    expect(all?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    const reaching = (port: number | string, way: 'ingress' | 'egress') =>
      policies.filter(({ spec }) => spec[way]?.some(({ ports: open }) => open?.some((one) => one.port === port)));
    const [postgres, ...others] = reaching(5432, 'egress');
    expect(others).toEqual([]);
    const [pods] = postgres?.spec.podSelector.matchExpressions ?? [];
    expect(pods?.values.toSorted()).toEqual([...apps.filter(migrates), 'make-databases'].sort());
    const open = reaching('http', 'ingress').map(
      ({ spec }) => spec.podSelector.matchLabels?.['app.kubernetes.io/name'],
    );
    expect(open).toEqual(['console', 'gateway', 'payments']);
    // What a browser may reach by the console is the gateway, and no server behind it.
    const ofConsole = policies.filter(
      ({ spec }) => spec.egress && JSON.stringify(spec.podSelector).includes('console'),
    );
    expect(ofConsole.map(({ metadata }) => metadata.name)).toEqual(['issuer', 'relay']);
    for (const { spec } of reaching('operations', 'ingress'))
      expect(JSON.stringify(spec.ingress)).not.toContain('ingress-nginx');
  });

  it('shows TLS to every server, with an authority to check the certificates by', () => {
    for (const app of apps) {
      const environment = withOwnValues(environmentOf(podOf(app).containers[0]));
      expect(environment.NODE_EXTRA_CA_CERTS).toBe('/etc/matricula/ca/ca.crt');
      if (messages(app)) {
        expect(environment.REDIS_URL).toMatch(/^rediss:/);
        expect(readers[app]?.(environment).amqpUrl).toMatch(/^amqps:/);
      }
      const database = environment[`${app.toUpperCase()}_DATABASE_URL`];
      if (migrates(app)) expect(database).toMatch(/[?]sslmode=verify-full$/);
    }
  });

  it.each(apps.filter((app) => app !== 'ops'))('keeps %s up while nodes are drained, and grows it', (app) => {
    const { selector } = find('Deployment', app).spec ?? {};
    expect(find('PodDisruptionBudget', app).spec).toMatchObject({ maxUnavailable: 1, selector });
    expect(find('HorizontalPodAutoscaler', app).spec?.scaleTargetRef).toMatchObject({ kind: 'Deployment', name: app });
  });
});
