import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type BulkJobOptions, type Queue, type RepeatOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { currentTrace, newTrace } from '#observability/trace.js';
import { failedKept, type Job, type JobData, jobId } from './job.js';
import type { Payload } from './payload.js';
import { openQueue } from './queues.js';

/** Redis does not answer. Nothing is lost: a scheduled sweep finds all due work in Postgres. */
export class JobsUnavailable extends Error {
  override readonly name = 'JobsUnavailable';
}

/** A job to enqueue. */
export interface JobRequest<Data> {
  readonly data: Data;
  /** The delay from now, in milliseconds; 0 or less is at once. */
  readonly delayMs?: number;
}

/** A job that repeats: at an interval, or by a cron pattern on the wall clock of an IANA zone. */
export type Schedule<Kind extends Job = Job> = { readonly job: Kind; readonly data: JobData<Kind> } & (
  | { readonly everyMs: number }
  | { readonly cron: string; readonly timeZone: string }
);

export const PRODUCER_REDIS = Symbol('redis connection of producers');

const bulkMax = 1_000;
const redisErrorReply = 'ReplyError';

/** Enqueues jobs. Fails within seconds while Redis is unavailable. */
@Injectable()
export class Jobs implements OnApplicationShutdown {
  private readonly queues = new Map<string, Queue>();

  constructor(@Inject(PRODUCER_REDIS) private readonly redis: Redis) {}

  /** Enqueues one job, `delayMs` from now. See `enqueueMany`. @throws JobsUnavailable */
  enqueue<Schema extends z.ZodType>(job: Job<Schema>, data: z.output<Schema>, delayMs = 0): Promise<void> {
    return this.enqueueMany(job, [{ data, delayMs }]);
  }

  /**
   * Enqueues all `requests`, in one round trip per thousand. A job whose id exists (waiting, delayed, running or
   * failed) stays as it is.
   * @throws JobsUnavailable; some jobs may exist then, and a repeat is harmless.
   */
  async enqueueMany<Schema extends z.ZodType>(
    job: Job<Schema>,
    requests: readonly JobRequest<z.output<Schema>>[],
  ): Promise<void> {
    const queue = this.queueOf(job);
    for (let from = 0; from < requests.length; from += bulkMax) {
      const bulk = requests.slice(from, from + bulkMax).map(({ data, delayMs = 0 }) => ({
        name: job.name,
        data: payloadOf(data),
        opts: { ...optionsOf(job), jobId: jobId(job, data), delay: Math.max(0, Math.round(delayMs)) },
      }));
      await answered(queue.addBulk(bulk));
    }
  }

  /**
   * Creates or changes `schedule` in Redis. An equal schedule that exists stays as it is.
   * @throws JobsUnavailable
   */
  async schedule(schedule: Schedule): Promise<void> {
    const { job, data } = schedule;
    const queue = this.queueOf(job);
    const repeat: RepeatOptions =
      'everyMs' in schedule ? { every: schedule.everyMs } : { pattern: schedule.cron, tz: schedule.timeZone };
    const existing = await answered(queue.getJobScheduler(job.name));
    const same =
      existing &&
      ['every', 'pattern', 'tz'].every(
        (key) =>
          String(existing[key as keyof typeof existing] ?? '') === String(repeat[key as keyof RepeatOptions] ?? ''),
      );
    if (same) return;
    await answered(
      queue.upsertJobScheduler(job.name, repeat, { name: job.name, data: { data }, opts: optionsOf(job) }),
    );
  }

  /** For the health indicator. @throws when Redis does not answer. */
  async ping(): Promise<void> {
    await this.redis.ping();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.redis.disconnect();
  }

  private queueOf(job: Job): Queue {
    const opened = this.queues.get(job.name);
    if (opened) return opened;
    const queue = openQueue(this.redis, job.name);
    this.queues.set(job.name, queue);
    return queue;
  }
}

function payloadOf(data: unknown): Payload {
  const { traceparent, correlationId } = currentTrace() ?? newTrace();
  return { data, traceparent, correlation_id: correlationId };
}

function optionsOf({ attempts, backoffMs }: Job): BulkJobOptions {
  return {
    attempts,
    backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: failedKept,
  };
}

async function answered<Answer>(command: Promise<Answer>): Promise<Answer> {
  try {
    return await command;
  } catch (error) {
    // Redis answered with an error: a bug of ours, or its memory is full. It is not unavailable.
    if (
      (error as Error).name === redisErrorReply &&
      !/^(?:LOADING|MASTERDOWN|CLUSTERDOWN|READONLY)/.test((error as Error).message)
    )
      throw error;
    throw new JobsUnavailable('Redis does not answer', { cause: error });
  }
}
