import type { z } from 'zod';
import { assert } from '#kernel/assert.js';

/** One kind of job. It has a queue of its own, named like it. */
export interface Job<Schema extends z.ZodType = z.ZodType> {
  /** `<service>.<verb-noun>`: `subscriptions.expire-order`. */
  readonly name: string;
  readonly about: string;
  /** What a job carries: ids and instants, never a decision. The handler reloads, re-checks and calls a use case. */
  readonly data: Schema;
  /**
   * The id that follows from the data, so that enqueuing twice makes one job. It may not hold a colon nor be a whole
   * number (BullMQ). A completed job is gone and its id is free again; a failed one is kept for operators and holds its
   * id.
   */
  readonly id: (data: z.output<Schema>) => string;
  /** How often it is tried in all, and the first pause between tries; each next pause is twice as long, with jitter. */
  readonly attempts: number;
  readonly backoffMs: number;
  /** How many run at the same time in one process. */
  readonly concurrency: number;
}

export type JobData<Kind> = Kind extends Job<infer Schema> ? z.output<Schema> : never;

/** Failed jobs are kept for operators to see and retry; older or further ones go. */
export const failedKept = { age: 14 * 24 * 3_600, count: 10_000 } as const;

const nameShape = /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/;

/**
 * Declares a kind of job; `JobsModule.forService` and a handler's `@JobHandler` name it.
 * @throws BrokenInvariant when the name is not `<service>.<verb-noun>` or a bound is not above zero.
 */
export function defineJob<Schema extends z.ZodType>(job: Job<Schema>): Job<Schema> {
  assert(nameShape.test(job.name), `the job name ${job.name} is <service>.<verb-noun>`);
  assert(job.attempts >= 1 && job.backoffMs > 0 && job.concurrency >= 1, `${job.name} has bounds above zero`);
  return job;
}

/** @throws BrokenInvariant when BullMQ would misread the id. */
export function jobId<Schema extends z.ZodType>(job: Job<Schema>, data: z.output<Schema>): string {
  const id = job.id(data);
  assert(id !== '' && !id.includes(':') && !/^-?\d+$/.test(id), `"${id}" can be the id of a ${job.name} job`);
  return id;
}

/**
 * Keys of one queue must share a slot of a Redis Cluster, and different queues should not, so each has a hash tag of
 * its own: https://docs.bullmq.io/patterns/redis-cluster.
 */
export function keyPrefix(jobName: string): string {
  return `matricula:{${jobName}}`;
}
