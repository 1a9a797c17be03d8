import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getTrialBalance } from '#contracts/payments/accounts.js';
import { assignPayment } from '#contracts/payments/payments.js';
import { getClass, listClasses } from '#contracts/subscriptions/classes.js';
import { getOrderProgress } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { eventually } from '../../../../../test/support/eventually.js';
import { type TcpProxy, tcpProxy } from '../../../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl } from '../../../../../test/support/servers/test-broker.js';
import { testRedisUrl } from '../../../../../test/support/servers/test-redis.js';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';
import type { Answer, ApiClient } from '../../../../../test/support/stack/api-client.js';
import { examples } from '../../documents/examples.js';

/** Generous against `RPC_TIMEOUT_MS`, and far below any client's patience. */
const deadlineMs = 4_000;

describe('while something is away', () => {
  let environment: GatewayEnvironment;
  let broker: TcpProxy;
  let redis: TcpProxy;
  let url: string;
  let ops: ApiClient;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    broker = await tcpProxy(testBrokerUrl());
    redis = await tcpProxy(testRedisUrl());
    url = await environment.gateway({
      AMQP_URL: broker.url,
      REDIS_URL: redis.url,
      RPC_TIMEOUT_MS: '1500',
    });
    ops = await environment.client(url, { role: 'ops' });
  });
  beforeEach(async () => {
    await environment.reset();
    environment.on(listClasses, ({ page, limit }) => ({ items: [], total: 0, page, limit, next_cursor: null }));
    environment.on(getTrialBalance, () => examples.TrialBalance as never);
    await eventually(async () => (await ops.get('/classes')).status === 200);
  });
  afterAll(async () => {
    await environment.close();
    await broker.close();
    await redis.close();
  });

  const ready = async () => (await fetch(`${environment.operationsUrlOf(url)}/health/ready`)).status;

  /** A 503 problem with Retry-After, before the deadline: `fetch` gives up otherwise. */
  async function expectUnavailable(ask: () => Promise<Answer>): Promise<void> {
    const silence = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('no answer within the deadline')), deadlineMs).unref();
    });
    const answer = await Promise.race([ask(), silence]);
    expect(answer).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE', status: 503 } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }

  describe('a service', () => {
    it('that is down is a 503; the others go on', async () => {
      await environment.stopService('payments');
      try {
        await expectUnavailable(() => ops.get('/admin/ledger/trial-balance'));
        expect((await ops.get('/classes')).status).toBe(200);
      } finally {
        await environment.startService('payments');
      }
      await eventually(async () => (await ops.get('/admin/ledger/trial-balance')).status === 200);
    });

    it('that does not answer is a 503', async () => {
      const { promise: silence, resolve: speak } = Promise.withResolvers<void>();
      environment.on(getClass, async () => {
        await silence;
        return examples.Class as never;
      });
      await expectUnavailable(() => ops.get(`/classes/${newId()}`));
      speak();
    });
  });

  describe.each([
    ['Redis', () => redis],
    ['RabbitMQ', () => broker],
  ])('%s', (_name, server) => {
    it('that refuses connections is a 503, and costs nothing once it is back', async () => {
      server().cut();
      try {
        await expectUnavailable(() => ops.get('/classes'));
        await eventually(async () => expect(await ready()).toBe(503));
        expect((await fetch(`${environment.operationsUrlOf(url)}/health/live`)).status).toBe(200);
      } finally {
        server().mend();
      }
      await eventually(async () => (await ops.get('/classes')).status === 200);
      await eventually(async () => (await ready()) === 200);
    });

    it('that swallows everything is a 503', async () => {
      server().hang();
      try {
        await Promise.all(Array.from({ length: 20 }, () => expectUnavailable(() => ops.get('/classes'))));
      } finally {
        server().mend();
      }
      await eventually(async () => (await ops.get('/classes')).status === 200);
    });

    it('that loses its connections is noticed by nobody who asks again', async () => {
      server().cut();
      server().mend();
      await eventually(async () => (await ops.get('/classes')).status === 200);
    });
  });

  it('RabbitMQ that falls silent is a 503 for who would follow an order, too', async () => {
    environment.on(getOrderProgress, ({ order_id }) => ({ order_id, steps: [], finished: true }));
    const follow = () => ops.get(`/orders/${newId()}/events`);
    await eventually(async () => (await follow()).status === 204);
    broker.hang();
    try {
      await expectUnavailable(follow);
    } finally {
      broker.mend();
    }
    await eventually(async () => (await follow()).status === 204);
  });

  it('Redis that answered too late holds no key: it serves as soon as Redis answers', async () => {
    environment.on(assignPayment, () => examples.Payment as never);
    const admin = await environment.client(url, { role: 'admin', sub: 'meera' });
    const path = `/admin/payments/unmatched/${newId()}/assign`;
    const assign = () => admin.post(path, examples.AssignPayment, { 'idempotency-key': 'k' });
    redis.hang();
    try {
      await expectUnavailable(assign);
    } finally {
      redis.mend();
    }
    await eventually(async () => (await ops.get('/classes')).status === 200);
    expect((await assign()).status).toBe(200);
  });

  it('Redis away lets nothing through that moves money; the same key serves when it is back', async () => {
    environment.on(assignPayment, () => examples.Payment as never);
    const admin = await environment.client(url, { role: 'admin', sub: 'ravi' });
    const path = `/admin/payments/unmatched/${newId()}/assign`;
    const assign = () => admin.post(path, examples.AssignPayment, { 'idempotency-key': 'k' });
    redis.cut();
    try {
      await expectUnavailable(assign);
      expect(environment.done).toEqual([]);
    } finally {
      redis.mend();
    }
    await eventually(async () => (await assign()).status === 200);
    expect(environment.done).toHaveLength(1);
  });

  it('the issuer’s keys that cannot be read are a 503 and not a 401', async () => {
    const blind = await environment.startGateway({ AUTH_JWKS: 'file:///nowhere/jwks.json' });
    const client = await environment.client(blind, { role: 'ops' });
    await expectUnavailable(() => client.get('/classes'));
  });

  it('starts all the same, and serves when they come', async () => {
    broker.cut();
    redis.cut();
    const early = await environment.startGateway({
      AMQP_URL: broker.url,
      REDIS_URL: redis.url,
    });
    const client = await environment.client(early, { role: 'ops' });
    await expectUnavailable(() => client.get('/classes'));
    broker.mend();
    redis.mend();
    await eventually(async () => (await client.get('/classes')).status === 200);
  });
});
