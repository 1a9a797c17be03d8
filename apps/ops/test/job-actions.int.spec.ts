import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Job, type Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { keyPrefix } from '#jobs/job.js';
import { announceQueues, openQueue } from '#jobs/queues.js';
import { eventually } from '../../../test/support/eventually.js';
import { type TcpProxy, tcpProxy } from '../../../test/support/servers/tcp-proxy.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { type OpsEnvironment, opsEnvironment } from './ops-environment.js';

const name = 'test.expire-order';
const board = `/queues/api/queues/${name}`;

describe('the job queues', () => {
  const redis = new Redis(testRedisUrl());
  let database: TcpProxy;
  let environment: OpsEnvironment;
  let token: string;
  let queue: Queue;
  let delayed: Job;

  beforeAll(async () => {
    await redis.flushdb();
    environment = await opsEnvironment([], {}, async (url) => {
      database = await tcpProxy(url);
      return database.url;
    });
    token = await environment.token('ops', 'olga');
    queue = openQueue(redis, name);
    await announceQueues(redis, [name]);
  });
  beforeEach(async () => {
    await queue.obliterate({ force: true });
    delayed = await queue.add(name, { data: { order: 1 } }, { jobId: 'expire-1', delay: 3_600_000 });
  });
  afterAll(async () => {
    await queue.close();
    await environment.close();
    await database.close();
    redis.disconnect();
  });

  const change = (
    path: string,
    { method = 'PUT', body, as = token }: { method?: string; body?: object; as?: string } = {},
  ) =>
    environment.request(`${path}`, {
      method,
      token: as,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const recorded = async () => (await environment.request('/api/actions', { token })).body.items;

  /** Jobs whose only attempt has failed. */
  const fail = async (...ids: string[]) => {
    for (const jobId of ids) await queue.add(name, { data: {} }, { jobId, attempts: 1 });
    const worker = new Worker(name, () => Promise.reject(new Error('no database')), {
      connection: new Redis(testRedisUrl(), { maxRetriesPerRequest: null }),
      prefix: keyPrefix(name),
    });
    worker.on('error', () => {});
    await eventually(async () => expect(await queue.getFailedCount()).toBe(ids.length));
    await worker.close();
  };

  it('are shown with their jobs', async () => {
    const page = await environment.request('/queues', { token, headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Matricula jobs');
    const list = await environment.request(
      `/queues/api/queues?activeQueue=${name}&status=delayed&page=1&jobsPerPage=10`,
      { token },
    );
    expect(list.body.queues).toEqual([
      expect.objectContaining({ name, counts: expect.objectContaining({ delayed: 1 }) }),
    ]);
  });

  it('let an operator promote a delayed job and retry a failed one, with a record of each', async () => {
    await fail('broken-1');
    expect((await change(`${board}/expire-1/promote`)).status).toBeLessThan(300);
    expect((await change(`${board}/broken-1/retry`)).status).toBeLessThan(300);
    expect(await queue.getJobCounts()).toMatchObject({ delayed: 0, failed: 0, waiting: 2 });
    const common = { place: name, operator: 'olga', failure: null, jobs: 1, messages: 0, done_at: expect.any(String) };
    expect((await recorded()).slice(0, 2)).toEqual([
      expect.objectContaining({ ...common, kind: 'retry-job', job_id: 'broken-1' }),
      expect.objectContaining({ ...common, kind: 'promote-job', job_id: 'expire-1' }),
    ]);
    expect((await environment.request('/actions', { token })).text).toContain(`${name} broken-1`);
  });

  it('let an operator retry all failed jobs, and record how many', async () => {
    await fail('a-1', 'b-1', 'c-1');
    expect(await change(`${board}/retry/failed`)).toMatchObject({ status: 200, body: { retried: 3 } });
    expect((await recorded())[0]).toMatchObject({ kind: 'retry-failed-jobs', job_id: null, jobs: 3, place: name });
    expect(await change(`${board}/retry/completed`)).toMatchObject({ status: 409, body: { code: 'JOBS_NOT_FAILED' } });
  });

  it('record an action that failed', async () => {
    expect((await change(`${board}/nobody/retry`)).status).toBe(404);
    expect((await recorded())[0]).toMatchObject({
      kind: 'retry-job',
      job_id: 'nobody',
      jobs: 0,
      done_at: null,
      failure: expect.stringMatching(/^404 /),
    });
  });

  it.each([
    ['PUT', '/obliterate', { force: true }],
    ['PUT', '/empty', undefined],
    ['PUT', '/clean/delayed', undefined],
    ['PUT', '/expire-1/clean', undefined],
    ['PUT', '/promote', undefined],
    ['PUT', '/pause', undefined],
    ['PUT', '/concurrency', { concurrency: 1 }],
    ['PUT', '/rate-limit', { max: 1, duration: 60_000 }],
    ['POST', '/add', { name, data: {} }],
    ['PATCH', '/expire-1/update-data', { jobData: { data: { order: 2 } } }],
    ['PATCH', '/expire-1/delay', { delay: 1 }],
    ['PATCH', '/expire-1/priority', { priority: 1 }],
  ])('let nobody %s %s', async (method, path, body) => {
    const before = (await recorded()).length;
    expect((await change(board + path, { method, body })).status).toBe(404);
    expect(await queue.getJobCounts()).toMatchObject({ delayed: 1, waiting: 0 });
    expect((await queue.getJob('expire-1'))?.data).toEqual(delayed.data);
    expect(await queue.isPaused()).toBe(false);
    expect(await recorded()).toHaveLength(before);
  });

  it('have no change of all queues either', async () => {
    expect((await change('/queues/api/queues/pause')).status).toBe(404);
    expect(await queue.isPaused()).toBe(false);
  });

  it('are changed by operators only', async () => {
    expect((await environment.request(`${board}/expire-1/promote`, { method: 'PUT' })).status).toBe(403);
    expect((await change(`${board}/expire-1/promote`, { as: await environment.token('admin') })).status).toBe(403);
    expect(await queue.getJobCounts()).toMatchObject({ delayed: 1 });
  });

  it('are not changed without a record', async () => {
    database.cut();
    try {
      expect((await change(`${board}/expire-1/promote`)).status).toBe(503);
      expect(await queue.getJobCounts()).toMatchObject({ delayed: 1, waiting: 0 });
    } finally {
      database.mend();
    }
  });
});
