import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Global, Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { Refusal } from '#kernel/refusal.js';
import { createPino, ServiceLogger } from '#observability/logger.js';
import { currentTrace, newTrace, runWithTrace } from '#observability/trace.js';
import { eventually } from '../../../test/support/eventually.js';
import { type TcpProxy, tcpProxy } from '../../../test/support/servers/tcp-proxy.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { defineJob, type JobData, keyPrefix } from './job.js';
import { JobHandler, type JobRun } from './job-handler.js';
import { Jobs, JobsUnavailable } from './jobs.js';
import { type FeatureJobs, JobsModule, type JobsOptions } from './jobs.module.js';
import { queueNames } from './queues.js';

const expireOrder = defineJob({
  name: 'test.expire-order',
  about: 'An order expires.',
  data: z.object({ orderId: z.string() }),
  id: ({ orderId }) => `expire-${orderId}`,
  attempts: 3,
  backoffMs: 10,
  concurrency: 5,
});

const sweepOrders = defineJob({
  name: 'test.sweep-orders',
  about: 'Finds due orders.',
  data: z.object({}),
  id: () => 'sweep',
  attempts: 1,
  backoffMs: 10,
  concurrency: 1,
});

const silent = new ServiceLogger(createPino({ service: 'test', level: 'silent' }));

type Behaviour = (data: JobData<typeof expireOrder>, run: JobRun) => Promise<unknown>;

describe('jobs', () => {
  const redis = new Redis(testRedisUrl(), { lazyConnect: true });
  const opened: { close(): Promise<unknown> }[] = [];
  let runs: { orderId: string; attempt: number; correlationId: string | undefined }[];
  let sweeps: number;
  let behave: Behaviour;

  @Injectable()
  class Handlers {
    @JobHandler(expireOrder)
    async expire(data: JobData<typeof expireOrder>, run: JobRun) {
      runs.push({ ...data, attempt: run.attempt, correlationId: currentTrace()?.correlationId });
      await behave(data, run);
    }

    @JobHandler(sweepOrders)
    async sweep() {
      sweeps++;
    }
  }

  async function start(
    { jobs = [expireOrder, sweepOrders], schedules = [], ...options }: Partial<JobsOptions & FeatureJobs> = {},
    providers = [Handlers],
  ): Promise<TestingModule> {
    @Module({ imports: [JobsModule.forFeature({ jobs, schedules })], providers })
    class OrdersModule {}
    const service = { redisUrl: testRedisUrl(), production: false, superviseEveryMs: 100, ...options };
    const module = await Test.createTestingModule({ imports: [JobsModule.forService(service), OrdersModule] })
      .setLogger(silent)
      .compile();
    opened.push(module);
    return module.init();
  }

  function queueOf({ name }: { name: string }): Queue {
    const queue = new Queue(name, { connection: redis, prefix: keyPrefix(name) });
    opened.push(queue);
    return queue;
  }

  async function proxy(): Promise<TcpProxy> {
    const line = await tcpProxy(testRedisUrl());
    opened.push(line);
    return line;
  }

  const ordersRun = () => runs.map(({ orderId }) => orderId).sort();

  beforeAll(async () => {
    await redis.connect();
  });

  afterAll(() => redis.disconnect());

  beforeEach(async () => {
    await redis.flushdb();
    runs = [];
    sweeps = 0;
    behave = async () => {};
  });

  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  });

  // First, because a BullMQ worker pauses for five seconds after an error of Redis, closed or not, and delays the exit.
  describe('in a Redis that refuses writes', () => {
    it('let the service start, and are registered once writes succeed', async () => {
      // Read-only for this suite alone: a full memory would affect every suite on the server.
      const url = new URL(testRedisUrl());
      url.username = `reader${url.pathname.slice(1)}`;
      url.password = 'secret';
      await redis.acl('SETUSER', url.username, 'on', '>secret', '~*', '&*', '+@all', '-@write');
      const schedules = [{ job: sweepOrders, data: {}, everyMs: 3_600_000 }];
      const module = await start({ redisUrl: url.href, schedules });
      await expect(module.get(Jobs).enqueue(expireOrder, { orderId: 'a' })).rejects.toThrow();
      expect(await queueNames(redis)).toEqual([]);
      await redis.acl('SETUSER', url.username, '+@all');
      await eventually(async () => expect(await queueNames(redis)).toEqual(['test.expire-order', 'test.sweep-orders']));
      await eventually(async () => expect(await queueOf(sweepOrders).getJobSchedulersCount()).toBe(1));
      await module.close();
      await redis.acl('DELUSER', url.username);
    });
  });

  describe('with Redis', () => {
    it('unavailable, cannot be enqueued and fail within seconds, and run when it is back', async () => {
      const line = await proxy();
      const jobs = (await start({ redisUrl: line.url })).get(Jobs);
      line.cut();
      await expect(jobs.enqueue(expireOrder, { orderId: 'lost' })).rejects.toBeInstanceOf(JobsUnavailable);
      await expect(jobs.ping()).rejects.toThrow();
      line.mend();
      await eventually(() => jobs.enqueue(expireOrder, { orderId: 'a' }));
      await eventually(() => expect(ordersRun()).toContain('a'));
    });

    it('hanging, cannot be enqueued and fail within seconds, and run when it answers again', async () => {
      const line = await proxy();
      const jobs = (await start({ redisUrl: line.url })).get(Jobs);
      line.hang();
      await expect(jobs.enqueue(expireOrder, { orderId: 'a' })).rejects.toBeInstanceOf(JobsUnavailable);
      line.mend();
      await eventually(() => jobs.enqueue(expireOrder, { orderId: 'b' }));
      await eventually(() => expect(ordersRun()).toContain('b'));
    });

    it('cut off without a FIN, find a new connection', async () => {
      const line = await proxy();
      const jobs = (await start({ redisUrl: line.url })).get(Jobs);
      line.swallow();
      await expect(jobs.enqueue(expireOrder, { orderId: 'a' })).rejects.toBeInstanceOf(JobsUnavailable);
      await eventually(() => jobs.enqueue(expireOrder, { orderId: 'b' }));
      await eventually(() => expect(ordersRun()).toContain('b'), { withinMs: 40_000 });
    }, 60_000);

    it('unavailable at boot, let the service start', async () => {
      const line = await proxy();
      line.cut();
      const jobs = (
        await start({ redisUrl: line.url, schedules: [{ job: sweepOrders, data: {}, everyMs: 3_600_000 }] })
      ).get(Jobs);
      await expect(jobs.enqueue(expireOrder, { orderId: 'a' })).rejects.toBeInstanceOf(JobsUnavailable);
      line.mend();
      await eventually(() => jobs.enqueue(expireOrder, { orderId: 'a' }));
      await eventually(() => expect(ordersRun()).toEqual(['a']));
      await eventually(async () => expect(await queueOf(sweepOrders).getJobSchedulersCount()).toBe(1));
    });

    it.each([
      ['unavailable', 'cut'],
      ['hanging', 'hang'],
      ['cut off without a FIN', 'swallow'],
    ] as const)(
      '%s, let the service stop once the running jobs have finished',
      async (_, breakLine) => {
        const { promise: finish, resolve: letFinish } = Promise.withResolvers<void>();
        let finished = false;
        behave = async () => {
          await finish;
          finished = true;
        };
        const line = await proxy();
        const module = await start({ redisUrl: line.url });
        await module.get(Jobs).enqueue(expireOrder, { orderId: 'a' });
        await eventually(() => runs.length === 1);
        line[breakLine]();
        const closing = module.close().then(() => finished);
        letFinish();
        await expect(closing).resolves.toBe(true);
      },
      15_000,
    );

    it('unavailable since boot, let the service stop', async () => {
      const line = await proxy();
      line.cut();
      await (await start({ redisUrl: line.url })).close();
    }, 15_000);

    it('emptied, are scheduled and listed again without a restart', async () => {
      await start({ schedules: [{ job: sweepOrders, data: {}, everyMs: 200 }] });
      await eventually(() => sweeps > 0);
      await redis.flushdb();
      const before = sweeps;
      await eventually(() => sweeps > before + 2);
      expect(await queueNames(redis)).toEqual(['test.expire-order', 'test.sweep-orders']);
    });
  });

  it('run once per id, and free the id', async () => {
    const jobs = (await start()).get(Jobs);
    await jobs.enqueueMany(expireOrder, [
      { data: { orderId: 'a' } },
      { data: { orderId: 'b' } },
      { data: { orderId: 'a' } },
    ]);
    await eventually(() => expect(ordersRun()).toEqual(['a', 'b']));
    await eventually(async () =>
      expect(await queueOf(expireOrder).getJobCounts()).toMatchObject({ completed: 0, active: 0 }),
    );
    await jobs.enqueue(expireOrder, { orderId: 'a' });
    await eventually(() => expect(ordersRun()).toEqual(['a', 'a', 'b']));
  });

  it('wait for their delay, and a repeat changes nothing', async () => {
    const jobs = (await start()).get(Jobs);
    await jobs.enqueue(expireOrder, { orderId: 'a' }, 3_600_000);
    await jobs.enqueue(expireOrder, { orderId: 'a' }, 0);
    expect(await queueOf(expireOrder).getJobCounts()).toMatchObject({ delayed: 1, waiting: 0 });
    expect((await queueOf(expireOrder).getJob('expire-a'))?.opts).toMatchObject({ delay: 3_600_000, attempts: 3 });
  });

  it('run with the correlation id of the code that enqueued them', async () => {
    const jobs = (await start()).get(Jobs);
    await runWithTrace(newTrace(undefined, 'checkout-7'), () => jobs.enqueue(expireOrder, { orderId: 'a' }));
    await eventually(() => expect(runs).toEqual([{ orderId: 'a', attempt: 1, correlationId: 'checkout-7' }]));
  });

  it('report their progress', async () => {
    const { promise: checked, resolve: finish } = Promise.withResolvers<void>();
    behave = async (_, { progress }) => {
      await progress(40);
      await checked;
    };
    const module = await start();
    await module.get(Jobs).enqueue(expireOrder, { orderId: 'a' });
    await eventually(async () => {
      const [running] = await queueOf(expireOrder).getActive();
      expect(running?.progress).toBe(40);
    });
    finish();
  });

  it('are retried after a fault, up to their attempts, and kept as failed', async () => {
    behave = async () => Promise.reject(new Error('deadlock detected'));
    const jobs = (await start()).get(Jobs);
    await jobs.enqueue(expireOrder, { orderId: 'a' });
    await eventually(async () => expect(await queueOf(expireOrder).getJobCounts()).toMatchObject({ failed: 1 }));
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('are not retried after a refusal', async () => {
    behave = async () => Promise.reject(new Refusal('ORDER_CLOSED', 'The order is closed.'));
    const jobs = (await start()).get(Jobs);
    await jobs.enqueue(expireOrder, { orderId: 'a' });
    const failed = await eventually(async () => (await queueOf(expireOrder).getFailed())[0] ?? false);
    expect(failed).toMatchObject({ failedReason: 'ORDER_CLOSED: The order is closed.', attemptsMade: 1 });
    expect(runs).toHaveLength(1);
  });

  it('do not run with data that does not fit', async () => {
    await start();
    await queueOf(expireOrder).add(expireOrder.name, { data: { order: 7 } }, { attempts: 3 });
    await eventually(async () => expect(await queueOf(expireOrder).getJobCounts()).toMatchObject({ failed: 1 }));
    expect(runs).toEqual([]);
  });

  it.each(['', '17', 'order:17'])('are refused with the id "%s", which BullMQ would misread', async (orderId) => {
    const jobs = (await start()).get(Jobs);
    const misnamed = { ...expireOrder, id: ({ orderId: id }: { orderId: string }) => id };
    await expect(jobs.enqueue(misnamed, { orderId })).rejects.toThrow('can be the id');
  });

  it('finish before the service closes', async () => {
    const { promise: finish, resolve: letFinish } = Promise.withResolvers<void>();
    behave = () => finish;
    const module = await start();
    await module.get(Jobs).enqueue(expireOrder, { orderId: 'a' });
    await eventually(() => runs.length === 1);
    const closing = module.close();
    letFinish();
    await closing;
    expect(await queueOf(expireOrder).getJobCounts()).toMatchObject({ active: 0, waiting: 0, failed: 0 });
  });

  describe('declared without exactly one handler', () => {
    class NoHandler {}

    @Injectable()
    class Another {
      @JobHandler(expireOrder)
      async expireToo() {}
    }

    it.each([
      ['none', [NoHandler], 'test.expire-order has 0 handlers'],
      ['two', [Handlers, Another], 'test.expire-order has 2 handlers (Handlers.expire, Another.expireToo)'],
    ])('keep the service from starting: %s', async (_, providers, words) => {
      await expect(start({}, providers as (typeof Handlers)[])).rejects.toThrow(words);
    });

    it('keep the service from starting: a handler of a job that is not declared', async () => {
      await expect(start({ jobs: [expireOrder] })).rejects.toThrow('Handlers.sweep handles test.sweep-orders');
    });
  });

  it('of several features run side by side, on schedules that depend on settings', async () => {
    class Settings {
      readonly sweepEveryMs = 3_600_000;
    }
    @Global()
    @Module({ providers: [Settings], exports: [Settings] })
    class SettingsModule {}
    @Injectable()
    class ExpireOrder {
      @JobHandler(expireOrder)
      async expire(data: JobData<typeof expireOrder>) {
        runs.push({ ...data, attempt: 1, correlationId: undefined });
      }
    }
    @Module({ imports: [JobsModule.forFeature({ jobs: [expireOrder] })], providers: [ExpireOrder] })
    class ExpiryModule {}
    @Injectable()
    class SweepOrders {
      @JobHandler(sweepOrders)
      async sweep() {}
    }
    const schedules = {
      inject: [Settings],
      useFactory: ({ sweepEveryMs }: Settings) => [{ job: sweepOrders, data: {}, everyMs: sweepEveryMs }],
    };
    @Module({ imports: [JobsModule.forFeature({ jobs: [sweepOrders], schedules })], providers: [SweepOrders] })
    class SweepModule {}
    const service = JobsModule.forService({ redisUrl: testRedisUrl(), production: false });
    const module = await Test.createTestingModule({ imports: [SettingsModule, service, ExpiryModule, SweepModule] })
      .setLogger(silent)
      .compile();
    opened.push(module);
    await module.init();
    await module.get(Jobs).enqueue(expireOrder, { orderId: 'a' });
    await eventually(() => expect(ordersRun()).toEqual(['a']));
    await eventually(async () =>
      expect(await queueOf(sweepOrders).getJobSchedulers()).toMatchObject([{ every: 3_600_000 }]),
    );
  });

  describe('on a schedule', () => {
    it('repeat, and the checks of the schedule do not move it', async () => {
      await start({ schedules: [{ job: sweepOrders, data: {}, cron: '0 3 * * *', timeZone: 'Europe/Berlin' }] });
      const scheduler = await eventually(async () => (await queueOf(sweepOrders).getJobSchedulers())[0] ?? false);
      await eventually(async () => expect(await queueOf(sweepOrders).getJobCounts()).toMatchObject({ delayed: 1 }));
      expect(scheduler).toMatchObject({ key: 'test.sweep-orders', pattern: '0 3 * * *', tz: 'Europe/Berlin' });
    });

    it('follow the new schedule after it changed', async () => {
      const first = await start({ schedules: [{ job: sweepOrders, data: {}, everyMs: 3_600_000 }] });
      await first.close();
      await start({ schedules: [{ job: sweepOrders, data: {}, everyMs: 7_200_000 }] });
      await eventually(async () =>
        expect((await queueOf(sweepOrders).getJobSchedulers())[0]).toMatchObject({ every: 7_200_000 }),
      );
    });
  });

  describe('in a Redis that evicts keys', () => {
    it('are refused in production, and only there', async () => {
      const bullmqWarning = jest.spyOn(console, 'warn').mockImplementation(() => {});
      await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
      try {
        await expect(start({ production: true })).rejects.toThrow('set maxmemory-policy to noeviction');
        await start({ production: false });
      } finally {
        await redis.config('SET', 'maxmemory-policy', 'noeviction');
        bullmqWarning.mockRestore();
      }
    });
  });
});
