import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Job as BullJob, UnrecoverableError, Worker } from 'bullmq';
import { Histogram } from 'prom-client';
import { z } from 'zod';
import { Refusal } from '#kernel/refusal.js';
import { endsWithin } from '#kernel/with-timeout.js';
import { metricOnce } from '#observability/metric-once.js';
import { newTrace, runWithTrace } from '#observability/trace.js';
import { keyPrefix } from './job.js';
import { type FoundHandler, JobRegistry } from './job-registry.js';
import { payload } from './payload.js';
import type { WorkerRedis } from './redis.js';

export const WORKER_REDIS = Symbol('redis connection of workers');

const duration = metricOnce(
  'matricula_job_duration_seconds',
  (name) =>
    new Histogram({
      name,
      help: 'Duration of one run of a job, by job and outcome (done, refused, failed).',
      labelNames: ['job', 'outcome'],
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600],
    }),
);

/**
 * How often a shutdown checks whether jobs still run. It is also how long a Redis that is unavailable or hangs may take
 * to close the workers. A job that runs longer than all checks stalls, and another worker runs it again.
 */
const checkEveryMs = 2_000;
const checksMax = 10;

/** Runs the declared jobs, one BullMQ worker each. Boot fails when a job has not exactly one handler. */
@Injectable()
export class Workers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Workers.name);
  private workers: Worker[] = [];
  private running = 0;

  constructor(
    @Inject(WORKER_REDIS) private readonly redis: WorkerRedis,
    private readonly registry: JobRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.workers = this.registry.handlers().map((handler) => this.start(handler));
  }

  async onModuleDestroy(): Promise<void> {
    // From here on no worker fetches another job. Closing ends once Redis has stored all results, which may be never.
    const closing = Promise.all(this.workers.map((worker) => worker.close()));
    for (let checks = 1; !(await endsWithin(checkEveryMs, closing)); checks += 1) {
      if (this.running > 0 && checks < checksMax) continue;
      this.logger.warn(
        { running: this.running },
        'disconnected without waiting any longer; jobs whose results Redis has not stored run again',
      );
      break;
    }
    this.redis.disconnectAll();
    await endsWithin(checkEveryMs, closing);
  }

  private start(handler: FoundHandler): Worker {
    const { job } = handler;
    const worker = new Worker(job.name, (run) => this.run(handler, run), {
      connection: this.redis,
      prefix: keyPrefix(job.name),
      concurrency: job.concurrency,
      // A job stalls when its worker is killed. Jobs are idempotent, so a stalled job may run again.
      maxStalledCount: 10,
    });
    worker.on('error', () => {});
    worker.on('failed', (run, error) => {
      const last = error instanceof UnrecoverableError || run === undefined || run.attemptsMade >= job.attempts;
      const details = { job: job.name, job_id: run?.id, attempt: run?.attemptsMade, err: error };
      if (last) this.logger.error(details, 'job failed, no attempts left');
      else this.logger.warn(details, 'job failed, will be retried');
    });
    return worker;
  }

  private run({ job, handle }: FoundHandler, run: BullJob): Promise<unknown> {
    const { data, traceparent, correlation_id } = payload.parse(run.data);
    return runWithTrace(newTrace(traceparent, correlation_id), async () => {
      const end = duration.startTimer({ job: job.name });
      this.running += 1;
      try {
        const result = await handle(job.data.parse(data), {
          id: run.id ?? '',
          attempt: run.attemptsMade + 1,
          progress: (percent) => run.updateProgress(percent).catch(() => {}),
        });
        end({ outcome: 'done' });
        return result;
      } catch (error) {
        // A refusal and data that does not fit the schema are final: every further attempt would end the same way.
        const final = error instanceof Refusal || error instanceof z.ZodError;
        end({ outcome: final ? 'refused' : 'failed' });
        if (!final) throw error;
        const reason = error instanceof Refusal ? `${error.code}: ${error.message}` : error.message;
        throw Object.assign(new UnrecoverableError(reason), { cause: error });
      } finally {
        this.running -= 1;
      }
    });
  }
}
