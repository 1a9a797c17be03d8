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
const api = `/api/jobs/${name}`;

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

  const post = (path: string, body: object, as = token) => change(path, { method: 'POST', body, as });

  it('let an operator run a delayed job at once and retry a failed one, with a record of each', async () => {
    await fail('broken-1');
    expect(await post(`${api}/promote`, { job_id: 'expire-1' })).toMatchObject({ status: 200, body: { promoted: 1 } });
    expect(await post(`${api}/retry`, { job_id: 'broken-1' })).toMatchObject({ status: 200, body: { retried: 1 } });
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
    expect(await post(`${api}/retry`, { all: true })).toMatchObject({ status: 200, body: { retried: 3 } });
    expect(await queue.getJobCounts()).toMatchObject({ failed: 0, waiting: 3 });
    expect((await recorded())[0]).toMatchObject({ kind: 'retry-failed-jobs', job_id: null, jobs: 3, place: name });
  });

  it.each([
    ['retry', { job_id: 'nobody' }, 404, 'JOB_NOT_FOUND'],
    ['retry', { job_id: 'expire-1' }, 409, 'JOB_NOT_FAILED'],
    ['promote', { job_id: 'nobody' }, 404, 'JOB_NOT_FOUND'],
    ['promote', { job_id: 'broken-1' }, 409, 'JOB_NOT_DELAYED'],
  ])('record an action that failed: %s %j', async (what, body, status, code) => {
    await fail('broken-1');
    expect(await post(`${api}/${what}`, body)).toMatchObject({ status, body: { code } });
    expect((await recorded())[0]).toMatchObject({ ...body, jobs: 0, done_at: null, failure: expect.any(String) });
    expect(await queue.getJobCounts()).toMatchObject({ delayed: 1, failed: 1, waiting: 0 });
  });

  it.each([
    [`/api/jobs/nobody/retry`, { all: true }, 404],
    [`${api}/retry`, {}, 400],
    [`${api}/retry`, { all: false }, 400],
    [`${api}/promote`, { all: true }, 400],
  ])('refuse %s %j', async (path, body, status) => {
    expect((await post(path, body)).status).toBe(status);
  });

  it('are shown on a page, whose forms do the same', async () => {
    await fail('broken-1', 'broken-2');
    const page = await environment.request('/jobs', { token });
    expect(page.text).toContain('Failed jobs: 2');
    expect(page.text).toContain('no database');
    expect(page.text).toContain('Delayed jobs: 1');
    expect(page.text).not.toContain('<script');
    const form = (what: string, fields: Record<string, string>) =>
      environment.request(`/jobs/${name}/${what}`, {
        method: 'POST',
        headers: {
          cookie: `matricula_ops=${token}`,
          origin: environment.url,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams(fields),
      });
    expect((await form('retry', { job_id: 'broken-1' })).status).toBe(303);
    expect((await form('promote', { job_id: 'expire-1' })).status).toBe(303);
    expect((await form('retry', { all: 'true' })).status).toBe(303);
    expect((await form('retry', { job_id: 'nobody' })).status).toBe(404);
    expect(await queue.getJobCounts()).toMatchObject({ delayed: 0, failed: 0, waiting: 3 });
    expect((await environment.request('/jobs', { token })).text).toContain('No job has failed, and none is delayed.');
  });

  it('have no buttons on the board: each of its queues is read-only', async () => {
    const { body } = await environment.request('/queues/api/queues', { token });
    expect(body.queues.length).toBeGreaterThan(0);
    for (const one of body.queues) expect(one).toMatchObject({ readOnlyMode: true, allowRetries: false });
  });

  it.each([
    ['PUT', '/obliterate', { force: true }],
    ['PUT', '/expire-1/promote', undefined],
    ['PUT', '/expire-1/retry', undefined],
    ['PUT', '/retry/failed', undefined],
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
    const body = JSON.stringify({ job_id: 'expire-1' });
    const headers = { 'content-type': 'application/json' };
    expect((await environment.request(`${api}/promote`, { method: 'POST', headers, body })).status).toBe(403);
    const admin = await environment.token('admin');
    expect((await post(`${api}/promote`, { job_id: 'expire-1' }, admin)).status).toBe(403);
    expect(await queue.getJobCounts()).toMatchObject({ delayed: 1 });
  });

  it('are not changed without a record', async () => {
    database.cut();
    try {
      expect((await post(`${api}/promote`, { job_id: 'expire-1' })).status).toBe(503);
      expect(await queue.getJobCounts()).toMatchObject({ delayed: 1, waiting: 0 });
    } finally {
      database.mend();
    }
  });
});
