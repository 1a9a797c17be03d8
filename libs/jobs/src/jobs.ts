import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type BulkJobOptions, type Queue, type RepeatOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { currentTrace, newTrace } from '#observability/trace.js';
import { failedKept, type Job, type JobData, jobId } from './job.js';
import type { Payload } from './payload.js';
import { openQueue } from './queues.js';

/** Redis does not answer. Nothing is lost by it: what matters is in Postgres, and swept up from there. */
export class JobsUnavailable extends Error {
  override readonly name = 'JobsUnavailable';
}

/** One job to come. */
export interface JobRequest<Data> {
  readonly data: Data;
  /** From now; 0 or less is at once. */
  readonly delayMs?: number;
}

/** A job that comes again and again: every so often, or by a cron pattern on the wall clock of an IANA zone. */
export type Schedule<Kind extends Job = Job> = { readonly job: Kind; readonly data: JobData<Kind> } & (
  | { readonly everyMs: number }
  | { readonly cron: string; readonly timeZone: string }
);

export const PRODUCER_REDIS = Symbol('redis connection of producers');

const bulkMax = 1_000;
const redisErrorReply = 'ReplyError';

/** Asks for jobs. Fails within seconds while Redis is away. */
@Injectable()
export class Jobs implements OnApplicationShutdown {
  private readonly queues = new Map<string, Queue>();

  constructor(@Inject(PRODUCER_REDIS) private readonly redis: Redis) {}

  /** @throws JobsUnavailable */
  enqueue<Schema extends z.ZodType>(job: Job<Schema>, data: z.output<Schema>, delayMs = 0): Promise<void> {
    return this.enqueueMany(job, [{ data, delayMs }]);
  }

  /**
   * Asks for all of `errands`, in one round trip per thousand. One whose id is already there (waiting, running or
   * failed) is left as it is.
   * @throws JobsUnavailable; some of them may be there then, and asking again is harmless.
   */
  async enqueueMany<Schema extends z.ZodType>(
    job: Job<Schema>,
    errands: readonly JobRequest<z.output<Schema>>[],
  ): Promise<void> {
    const queue = this.queueOf(job);
    for (let from = 0; from < errands.length; from += bulkMax) {
      const bulk = errands.slice(from, from + bulkMax).map(({ data, delayMs = 0 }) => ({
        name: job.name,
        data: payloadOf(data),
        opts: { ...optionsOf(job), jobId: jobId(job, data), delay: Math.max(0, Math.round(delayMs)) },
      }));
      await answered(queue.addBulk(bulk));
    }
  }

  /**
   * Makes sure that `schedule` stands as it says. One that already does goes on undisturbed.
   * @throws JobsUnavailable
   */
  async schedule(schedule: Schedule): Promise<void> {
    const { job, data } = schedule;
    const queue = this.queueOf(job);
    const repeat: RepeatOptions =
      'everyMs' in schedule ? { every: schedule.everyMs } : { pattern: schedule.cron, tz: schedule.timeZone };
    const standing = await answered(queue.getJobScheduler(job.name));
    const same =
      standing &&
      ['every', 'pattern', 'tz'].every(
        (key) =>
          String(standing[key as keyof typeof standing] ?? '') === String(repeat[key as keyof RepeatOptions] ?? ''),
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
    const known = this.queues.get(job.name);
    if (known) return known;
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

async function answered<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    // Redis understood and said no: that is a bug of ours, or a full memory, and not an absence.
    if (
      (error as Error).name === redisErrorReply &&
      !/^(?:LOADING|MASTERDOWN|CLUSTERDOWN|READONLY)/.test((error as Error).message)
    )
      throw error;
    throw new JobsUnavailable('Redis does not answer', { cause: error });
  }
}
