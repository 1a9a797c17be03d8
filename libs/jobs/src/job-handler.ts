import { SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { Job } from './job.js';

export const JOB_HANDLER = Symbol('job handler');

/** One run of a job. */
export interface JobRun {
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  /** Shows operators the progress, in percent. Ignored while Redis is unavailable. */
  readonly progress: (percent: number) => Promise<void>;
}

type Handler<Schema extends z.ZodType> = (data: z.output<Schema>, run: JobRun) => Promise<unknown>;

/**
 * Marks the method that runs `job`, on any provider. It may run twice for the same job (a worker stalls, a crash after
 * the work), so its use case must be idempotent. A Refusal is final; after any other error the job is retried.
 */
export function JobHandler<Schema extends z.ZodType>(job: Job<Schema>) {
  return SetMetadata(JOB_HANDLER, job) as <Method extends Handler<Schema>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ) => void;
}
