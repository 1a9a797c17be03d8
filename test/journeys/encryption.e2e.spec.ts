import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '#persistence/migrate.js';
import { subscriptionsDatabase } from '../../apps/subscriptions/src/database.js';
import { operationsUrlOf, portVariable } from '../../tools/apps/apps.ts';
import { runEntryPoint } from '../../tools/apps/entry-point.ts';
import { instancePorts } from '../../tools/stack/ports.ts';
import { Service } from '../../tools/stack/service.ts';
import { testHome } from '../../tools/workspace/home.ts';
import { eventually } from '../support/eventually.js';
import { testBrokerUrl } from '../support/servers/test-broker.js';
import { type TestDatabase, testDatabase } from '../support/servers/test-database.js';
import { testRedisUrl } from '../support/servers/test-redis.js';
import { laneOfProcess } from '../support/stack/stack-places.ts';
import { authorityFile, type TlsServer, tlsServer } from '../support/tls/tls-server.js';

describe('a service whose servers speak TLS alone', () => {
  const home = testHome();
  const ports = instancePorts(home, laneOfProcess(), 0);
  const operationsUrl = operationsUrlOf('subscriptions', ports);
  const servers: TlsServer[] = [];
  let database: TestDatabase;
  let service: Service | undefined;

  beforeAll(async () => {
    database = await testDatabase((url) => migrate(subscriptionsDatabase(url)));
  });
  afterEach(async () => {
    await service?.kill();
    service = undefined;
    for (const server of servers.splice(0)) server.close();
  });
  afterAll(() => database.drop());

  /** The environment of a service whose servers have certificates of this name. */
  async function environment(name: 'localhost' | 'elsewhere'): Promise<NodeJS.ProcessEnv> {
    const behindTls = async (scheme: string, url: string) => {
      const server = await tlsServer(new URL(url), name);
      servers.push(server);
      return server.urlOf(scheme).href;
    };
    return {
      PATH: process.env.PATH,
      [portVariable('subscriptions-operations')]: String(ports['subscriptions-operations']),
      SUBSCRIPTIONS_DATABASE_URL: `${await behindTls('postgresql', database.url)}?sslmode=verify-full`,
      AMQP_URL: await behindTls('amqps', testBrokerUrl()),
      REDIS_URL: await behindTls('rediss', testRedisUrl()),
    };
  }

  const plainConnections = () => servers.map(({ plain }) => plain);

  /** Starts the service, and resolves to what it reports of its servers, once that is as expected. */
  async function reports(env: NodeJS.ProcessEnv, expected: Readonly<Record<string, string>>): Promise<void> {
    const name = 'subscriptions-over-tls';
    const plan = { app: 'subscriptions', name, url: undefined, operationsUrl, env, log: home.log(name) } as const;
    service = new Service(plan, home.processes);
    // It is ready in one of the tests alone.
    service.start().catch(() => {});
    await eventually(async () => {
      const answer = await fetch(`${operationsUrl}/health/ready`);
      const { details } = (await answer.json()) as { details: Record<string, { status: string }> };
      expect(Object.fromEntries(Object.entries(details).map(([part, { status }]) => [part, status]))).toEqual(expected);
    });
  }

  it('reaches each of them, and checks their certificates by the authority that it is given', async () => {
    const env = { ...(await environment('localhost')), NODE_EXTRA_CA_CERTS: authorityFile };
    await reports(env, { database: 'up', broker: 'up', redis: 'up' });
    expect(await runEntryPoint('subscriptions', 'migrate', env)).toMatchObject({ code: 0 });
    expect(await runEntryPoint('subscriptions', 'verify', env)).toMatchObject({ code: 0 });
    for (const { encrypted } of servers) expect(encrypted).toBeGreaterThan(0);
    expect(plainConnections()).toEqual([0, 0, 0]);
  });

  it.each([
    ['of an authority that it does not know', 'localhost', undefined],
    ['with another name', 'elsewhere', authorityFile],
  ] as const)('sends nothing to servers with a certificate %s', async (_, name, NODE_EXTRA_CA_CERTS) => {
    const env = { ...(await environment(name)), NODE_EXTRA_CA_CERTS };
    await reports(env, { database: 'down', broker: 'down', redis: 'degraded' });
    expect(await runEntryPoint('subscriptions', 'migrate', env)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/certificate|altnames/),
    });
    expect(servers.map(({ encrypted }) => encrypted)).toEqual([0, 0, 0]);
    expect(plainConnections()).toEqual([0, 0, 0]);
  });
});
