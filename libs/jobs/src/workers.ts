import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Job as BullJob, UnrecoverableError, Worker } from 'bullmq';
import { Histogram } from 'prom-client';
import { z } from 'zod';
import { Refusal } from '#kernel/refusal.js';
import { TimedOut, withTimeout } from '#kernel/with-timeout.js';
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
    @Inject(WORKER_REDIS) private readonly redis: WorkerRedis,
    private readonly registry: JobRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.workers = this.registry.handlers().map((handler) => this.start(handler));
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

  private start(handler: FoundHandler): Worker {
    const { job } = handler;
    const worker = new Worker(job.name, (run) => this.run(handler, run), {
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

  private run({ job, handle }: FoundHandler, run: BullJob): Promise<unknown> {
    const { data, traceparent, correlation_id } = payload.parse(run.data);
    return runWithTrace(newTrace(traceparent, correlation_id), async () => {
      const end = duration.startTimer({ job: job.name });
      this.running += 1;
      try {
        const answer = await handle(job.data.parse(data), {
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

/** Whether `work` ended in time. @throws what the work throws. */
async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  try {
    await withTimeout(ms, work);
    return true;
  } catch (error) {
    if (error instanceof TimedOut) return false;
    throw error;
  }
}
