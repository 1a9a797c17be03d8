import dns from 'node:dns/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { overview as overviewContract } from '#contracts/ops.js';
import { announceQueues, openQueue } from '#jobs/queues.js';
import { Clock } from '#kernel/clock.js';
import { eventually } from '../../../test/support/eventually.js';
import { tcpProxy } from '../../../test/support/servers/tcp-proxy.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import type { OpsSettings } from '../src/ops.config.js';
import { fakeInstance, opsEnvironment } from './ops-environment.js';

const withAddresses = (...addresses: string[]) =>
  (async () => addresses.map((address) => ({ address, family: 4 }))) as unknown as typeof dns.lookup;

/** The metrics of a service: those of the outbox only where the relay works. */
const metricsOf = (service: string, { depth = 0, age = 0, working = 1, fast = 0, slow = 0 }) => `
messaging_relay_working{service="${service}"} ${working}
${working ? `messaging_outbox_depth{service="${service}"} ${depth}` : ''}
${working ? `messaging_outbox_age_seconds{service="${service}"} ${age}` : ''}
messaging_unsettled_events{service="${service}",queue="${service}"} 4
messaging_consumer_lag_seconds_bucket{le="1",service="${service}",type="t"} ${fast}
messaging_consumer_lag_seconds_bucket{le="60",service="${service}",type="t"} ${fast + slow}
messaging_consumer_lag_seconds_bucket{le="+Inf",service="${service}",type="t"} ${fast + slow}
`;

describe('the overview', () => {
  const opened: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const each of opened.splice(0).reverse()) await each.close();
  });

  async function instance(...where: Parameters<typeof fakeInstance>) {
    const fake = await fakeInstance(...where);
    opened.push(fake);
    return fake;
  }

  async function open(instances: { service: string; url: string }[], settings: Partial<OpsSettings> = {}) {
    const environment = await opsEnvironment(instances, settings);
    opened.push(environment);
    const token = await environment.token('ops');
    return {
      clock: environment.app.get(Clock),
      read: async () => overviewContract.strict().parse((await environment.request('/api/overview', { token })).body),
      page: async () => (await environment.request('/', { token })).text,
    };
  }

  it('shows the health of every instance, its failing parts, and the instances that do not answer', async () => {
    const [gateway, payments, gone] = [await instance(), await instance(), await instance()];
    payments.ready = {
      status: 503,
      body: {
        status: 'error',
        details: { database: { status: 'down', message: 'connect ECONNREFUSED' }, redis: { status: 'up' } },
      },
    };
    await gone.close();
    const environment = await open([
      { service: 'gateway', url: gateway.url },
      { service: 'payments', url: payments.url },
      { service: 'payments', url: gone.url },
    ]);
    const { services, status, concerns } = await environment.read();
    expect(services).toEqual([
      { service: 'gateway', url: gateway.url, status: 'up', failing: {} },
      { service: 'payments', url: payments.url, status: 'down', failing: { database: 'connect ECONNREFUSED' } },
      { service: 'payments', url: gone.url, status: 'down', failing: { process: 'cannot be reached' } },
    ]);
    expect(status).toBe('attention');
    expect(concerns).toContain(`payments at ${payments.url} is not ready: database (connect ECONNREFUSED).`);
    const page = await environment.page();
    expect(page).toContain('connect ECONNREFUSED');
    expect(page).toContain('<meta http-equiv="refresh"');
  });

  it('shows one instance for each address of a host name, and names without an address', async () => {
    const first = await instance();
    const second = await instance('127.0.0.2', Number(new URL(first.url).port));
    const names = jest.spyOn(dns, 'lookup').mockImplementation(withAddresses('127.0.0.2', '127.0.0.1'));
    first.metrics = metricsOf('payments', { working: 0, fast: 1_000 });
    second.metrics = metricsOf('payments', { depth: 7, fast: 20 });
    const entry = { service: 'payments', url: first.url.replace('127.0.0.1', 'payments-pods.invalid') };
    const environment = await open([entry]);
    const { services, outboxes, consumers } = await environment.read();
    expect(services.map(({ url, status }) => `${url} ${status}`)).toEqual([`${first.url} up`, `${second.url} up`]);
    expect(outboxes).toMatchObject([{ depth: 7, relays_working: 1 }]);
    expect(consumers).toMatchObject([{ handled: 1_020 }]);
    const away = (words: string) => [{ ...entry, status: 'down', failing: { process: words } }];
    names.mockImplementation(() => new Promise(() => {}));
    expect((await environment.read()).services).toEqual(away('does not answer in time'));
    names.mockRestore();
    expect((await environment.read()).services).toEqual(away('its name has no address'));
  });

  it('shows depth and age of the outbox by the working relay, and the lag since the last overview', async () => {
    const [working, standby] = [await instance(), await instance()];
    working.metrics = metricsOf('payments', { depth: 7, age: 42, fast: 1_000 });
    standby.metrics = metricsOf('payments', { working: 0 });
    const environment = await open([
      { service: 'payments', url: working.url },
      { service: 'payments', url: standby.url },
    ]);
    expect((await environment.read()).outboxes).toEqual([
      { service: 'payments', depth: 7, age_seconds: 42, relays_working: 1 },
    ]);
    working.metrics = metricsOf('payments', { fast: 1_000, slow: 10 });
    const { consumers, outboxes } = await environment.read();
    expect(outboxes).toEqual([{ service: 'payments', depth: 0, age_seconds: 0, relays_working: 1 }]);
    expect(consumers).toEqual([{ service: 'payments', handled: 10, lag_p95_seconds: expect.any(Number), waiting: 8 }]);
    expect(consumers[0]?.lag_p95_seconds).toBeGreaterThan(50);
  });

  it('names a service without a working relay, and the depth of its outbox is null', async () => {
    const [one, another] = [await instance(), await instance()];
    one.metrics = metricsOf('payments', { working: 0 });
    another.metrics = metricsOf('payments', { working: 0 });
    const environment = await open([
      { service: 'payments', url: one.url },
      { service: 'payments', url: another.url },
    ]);
    const { outboxes, concerns } = await environment.read();
    expect(outboxes).toEqual([{ service: 'payments', depth: null, age_seconds: null, relays_working: 0 }]);
    expect(concerns).toContain('No relay of payments works.');
    const now = jest.spyOn(environment.clock, 'now').mockReturnValue(Temporal.Instant.from('2026-03-02T09:00:00Z'));
    one.metrics = metricsOf('payments', {});
    expect((await environment.read()).concerns).not.toContain('No relay of payments works.');
    one.metrics = metricsOf('payments', { working: 0 });
    now.mockReturnValue(Temporal.Instant.from('2026-03-02T09:00:10Z'));
    expect((await environment.read()).concerns).not.toContain('No relay of payments works.');
    now.mockReturnValue(Temporal.Instant.from('2026-03-02T09:00:11Z'));
    expect((await environment.read()).concerns).toContain('No relay of payments works.');
  });

  it('keeps the outbox of a service that stopped answering, with null as its depth', async () => {
    const payments = await instance();
    payments.metrics = metricsOf('payments', { depth: 7 });
    const environment = await open([{ service: 'payments', url: payments.url }]);
    const now = jest.spyOn(environment.clock, 'now').mockReturnValue(Temporal.Instant.from('2026-03-02T09:00:00Z'));
    await environment.read();
    payments.metrics = '';
    now.mockReturnValue(Temporal.Instant.from('2026-03-02T09:01:00Z'));
    const { outboxes, concerns } = await environment.read();
    expect(outboxes).toEqual([{ service: 'payments', depth: null, age_seconds: null, relays_working: 0 }]);
    expect(concerns).toContain('No relay of payments works.');
  });

  it('counts the quarantined notifications once, although every instance reports them', async () => {
    const [one, another] = [await instance(), await instance()];
    const environment = await open([
      { service: 'payments', url: one.url },
      { service: 'payments', url: another.url },
    ]);
    expect((await environment.read()).quarantined).toBeNull();
    const metrics = (open: number, seconds: number) => `
matricula_webhook_quarantined_open{service="payments"} ${open}
matricula_webhook_quarantined_oldest_seconds{service="payments"} ${seconds}
`;
    one.metrics = metrics(2, 7_200);
    another.metrics = metrics(2, 7_199);
    const { quarantined, concerns } = await environment.read();
    expect(quarantined).toEqual({ notifications: 2, oldest_seconds: 7_200 });
    const sentence = '2 notifications of providers are quarantined, the oldest for 2 h.';
    expect(concerns).toContain(sentence);
    expect(await environment.page()).toContain(sentence);
    one.metrics = another.metrics = metrics(0, 0);
    expect((await environment.read()).quarantined).toEqual({ notifications: 0, oldest_seconds: 0 });
  });

  it('counts no event twice after a scrape that failed', async () => {
    const payments = await instance();
    const environment = await open([{ service: 'payments', url: payments.url }]);
    const handled = async (metrics: string) => {
      payments.metrics = metrics;
      return (await environment.read()).consumers.map((each) => each.handled);
    };
    expect(await handled(metricsOf('payments', { slow: 1_000 }))).toEqual([1_000]);
    expect(await handled('')).toEqual([0]);
    expect(await handled(metricsOf('payments', { slow: 1_000, fast: 3 }))).toEqual([3]);
  });

  it('shows the depth of every queue of the broker and of Redis', async () => {
    const redis = new Redis(testRedisUrl());
    await redis.flushdb();
    await announceQueues(redis, ['test.sweep-orders']);
    const queue = openQueue(redis, 'test.sweep-orders');
    await queue.add('test.sweep-orders', {}, { delay: 3_600_000 });
    const environment = await open([]);
    const { queues, parked, jobs, servers } = await eventually(async () => {
      const overview = await environment.read();
      return overview.queues.length > 0 && overview;
    });
    expect(queues.map((each) => each.queue)).toEqual(expect.arrayContaining(['payments', 'subscriptions']));
    expect(parked.map(({ place }) => place)).toEqual(
      expect.arrayContaining(['payments', 'subscriptions', 'unroutable']),
    );
    expect(jobs).toEqual([{ queue: 'test.sweep-orders', waiting: 0, active: 0, delayed: 1, failed: 0 }]);
    expect(servers.map(({ server, status }) => `${server} ${status}`)).toEqual([
      'Postgres up',
      'RabbitMQ up',
      'Redis up',
    ]);
    await queue.close();
    redis.disconnect();
  });

  it('is answered also when every server is down', async () => {
    const away = (scheme: string) => `${scheme}://127.0.0.1:1`;
    const environment = await open([], {
      redisUrl: away('redis'),
      amqpUrl: away('amqp'),
      databaseUrl: `${away('postgresql')}/ops`,
    });
    const { servers, queues, jobs } = await environment.read();
    expect(servers).toEqual([
      { server: 'Postgres', status: 'down', detail: expect.stringContaining('ECONNREFUSED') },
      { server: 'RabbitMQ', status: 'down', detail: 'cannot be reached' },
      { server: 'Redis', status: 'down', detail: 'cannot be reached' },
    ]);
    expect([queues, jobs]).toEqual([[], []]);
  });

  it('is answered within seconds when servers hang', async () => {
    const line = await tcpProxy(testRedisUrl());
    opened.push(line);
    const environment = await open([], { redisUrl: line.url });
    await eventually(async () =>
      expect((await environment.read()).servers).toContainEqual(
        expect.objectContaining({ server: 'Redis', status: 'up' }),
      ),
    );
    line.hang();
    const { servers, concerns } = await environment.read();
    expect(servers).toContainEqual(expect.objectContaining({ server: 'Redis', status: 'down' }));
    expect(concerns.some((sentence) => sentence.startsWith('Redis is away'))).toBe(true);
    line.mend();
    await eventually(async () =>
      expect((await environment.read()).servers).toContainEqual(
        expect.objectContaining({ server: 'Redis', status: 'up' }),
      ),
    );
  });
});
