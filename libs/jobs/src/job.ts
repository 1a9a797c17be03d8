import type { z } from 'zod';
import { assert } from '#kernel/assert.js';

/** One kind of job. It has a queue of its own, with its name. */
export interface Job<Schema extends z.ZodType = z.ZodType> {
  /** `<service>.<verb-noun>`: `subscriptions.expire-order`. */
  readonly name: string;
  /** One sentence for operators. */
  readonly about: string;
  /** The data of a job: ids and instants, never a decision. The handler reloads, re-checks and calls a use case. */
  readonly data: Schema;
  /**
   * The id follows from the data, so that enqueuing twice makes one job. BullMQ allows no colon and no whole number. A
   * completed job is removed and its id is free again. A failed job is kept for operators and keeps its id.
   */
  readonly id: (data: z.output<Schema>) => string;
  /** The number of attempts in all, and the first pause between them; each next pause is twice as long, with jitter. */
  readonly attempts: number;
  readonly backoffMs: number;
  /** The most jobs of this kind that run at the same time in one process. */
  readonly concurrency: number;
}

export type JobData<Kind> = Kind extends Job<infer Schema> ? z.output<Schema> : never;

/** Failed jobs are kept for operators to see and retry; older ones, or more than these, are removed. */
export const failedKept = { age: 14 * 24 * 3_600, count: 10_000 } as const;

const nameShape = /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/;

/**
 * Defines a kind of job. `JobsModule.forFeature` declares it, `@JobHandler` marks its handler.
 * @throws BrokenInvariant when the name is not `<service>.<verb-noun>` or a bound is not above zero.
 */
export function defineJob<Schema extends z.ZodType>(job: Job<Schema>): Job<Schema> {
  assert(nameShape.test(job.name), `the job name ${job.name} is <service>.<verb-noun>`);
  assert(job.attempts >= 1 && job.backoffMs > 0 && job.concurrency >= 1, `${job.name} has bounds above zero`);
  return job;
}

/** The id of a job with `data`. @throws BrokenInvariant when BullMQ would misread the id */
export function jobId<Schema extends z.ZodType>(job: Job<Schema>, data: z.output<Schema>): string {
  const id = job.id(data);
  assert(id !== '' && !id.includes(':') && !/^-?\d+$/.test(id), `"${id}" can be the id of a ${job.name} job`);
  return id;
}

/**
 * The prefix of the queue's keys in Redis. The keys of one queue must share a slot of a Redis Cluster and different
 * queues should not, so each has a hash tag of its own: https://docs.bullmq.io/patterns/redis-cluster.
 */
export function keyPrefix(jobName: string): string {
  return `matricula:{${jobName}}`;
}
