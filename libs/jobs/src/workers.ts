import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type Job as BullJob, UnrecoverableError, Worker } from 'bullmq';
import { Histogram } from 'prom-client';
import { z } from 'zod';
import { Refusal } from '#kernel/refusal.js';
import { metricOnce } from '#observability/metric-once.js';
import { newTrace, runWithTrace } from '#observability/trace.js';
import { type Job, keyPrefix } from './job.js';
import { JOB_HANDLER, type JobRun } from './job-handler.js';
import { payload } from './payload.js';
import type { WorkerRedis } from './redis.js';

export const JOBS = Symbol('declared jobs');
export const WORKER_REDIS = Symbol('redis connection of workers');

type Handler = (data: unknown, run: JobRun) => Promise<unknown>;

const duration = metricOnce(
  'matricula_job_duration_seconds',
  (name) =>
    new Histogram({
      name,
      help: 'One run of a job, by job and outcome (done, refused, failed).',
      labelNames: ['job', 'outcome'],
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600],
    }),
);

/**
 * How often a shutdown looks whether jobs still run, and so how long Redis, which may be away or hang, has to see the
 * workers off. A job that does not end within all looks stalls, and another worker runs it again.
 */
const lookEveryMs = 2_000;
const looksMax = 10;

/** Runs the declared jobs. Boot fails when one of them has not exactly one handler. */
@Injectable()
export class Workers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Workers.name);
  private workers: Worker[] = [];
  private running = 0;

  constructor(
    @Inject(JOBS) private readonly jobs: readonly Job[],
    @Inject(WORKER_REDIS) private readonly redis: WorkerRedis,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onApplicationBootstrap(): void {
    const handlers = this.findHandlers();
    this.workers = this.jobs.map((job) => this.start(job, handlers.get(job) as Handler));
  }

  async onModuleDestroy(): Promise<void> {
    // From here on no worker asks for another job. Closing ends when all is written to Redis, which may be never.
    const closing = Promise.all(this.workers.map((worker) => worker.close()));
    for (let looks = 1; !(await endsWithin(lookEveryMs, closing)); looks += 1) {
      if (this.running > 0 && looks < looksMax) continue;
      this.logger.warn(
        { running: this.running },
        'closed without waiting any longer; what was not noted in Redis runs again',
      );
      break;
    }
    this.redis.letGo();
    await endsWithin(lookEveryMs, closing);
  }

  private findHandlers(): Map<Job, Handler> {
    const found = new Map<Job, { handler: Handler; where: string }[]>(this.jobs.map((job) => [job, []]));
    const strays: string[] = [];
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null) continue;
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance))) {
        const job: Job | undefined = Reflect.getMetadata(JOB_HANDLER, instance[name]);
        if (!job) continue;
        const where = `${instance.constructor.name}.${name}`;
        const places = found.get(job);
        if (places) places.push({ handler: instance[name].bind(instance), where });
        else strays.push(`${where} handles ${job.name}, which the module does not declare`);
      }
    }
    const faults = [...found].flatMap(([job, places]) =>
      places.length === 1
        ? []
        : [
            `${job.name} has ${places.length} handlers (${places.map(({ where }) => where).join(', ') || 'none'}); it needs one`,
          ],
    );
    if (faults.length + strays.length > 0)
      throw new Error(`Jobs without exactly one handler:\n  ${[...faults, ...strays].join('\n  ')}`);
    return new Map([...found].map(([job, places]) => [job, places[0]!.handler]));
  }

  private start(job: Job, handler: Handler): Worker {
    const worker = new Worker(job.name, (run) => this.run(job, handler, run), {
      connection: this.redis,
      prefix: keyPrefix(job.name),
      concurrency: job.concurrency,
      // A job stalls when its worker is killed. Work is idempotent, so it may start anew as often as it is tried.
      maxStalledCount: 10,
    });
    worker.on('error', () => {});
    worker.on('failed', (run, error) => {
      const last = error instanceof UnrecoverableError || run === undefined || run.attemptsMade >= job.attempts;
      const events = { job: job.name, job_id: run?.id, attempt: run?.attemptsMade, err: error };
      if (last) this.logger.error(events, 'job failed for good');
      else this.logger.warn(events, 'job failed and is tried again');
    });
    return worker;
  }

  private run(job: Job, handler: Handler, run: BullJob): Promise<unknown> {
    const { data, traceparent, correlation_id } = payload.parse(run.data);
    return runWithTrace(newTrace(traceparent, correlation_id), async () => {
      const end = duration.startTimer({ job: job.name });
      this.running += 1;
      try {
        const answer = await handler(job.data.parse(data), {
          id: run.id ?? '',
          attempt: run.attemptsMade + 1,
          progress: (percent) => run.updateProgress(percent).catch(() => {}),
        });
        end({ outcome: 'done' });
        return answer;
      } catch (error) {
        // The business's no, and data that no version of us wrote, stay what they are however often one tries.
        const final = error instanceof Refusal || error instanceof z.ZodError;
        end({ outcome: final ? 'refused' : 'failed' });
        if (!final) throw error;
        const words = error instanceof Refusal ? `${error.code}: ${error.message}` : error.message;
        throw Object.assign(new UnrecoverableError(words), { cause: error });
      } finally {
        this.running -= 1;
      }
    });
  }
}

async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const ended = await Promise.race([work.then(() => true), late]);
  timer.abort();
  return ended;
}
