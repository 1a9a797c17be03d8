import { SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { Job } from './job.js';

export const JOB_HANDLER = Symbol('job handler');

/** How this run of a job stands. */
export interface JobRun {
  readonly id: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Tells operators how much of it is done, in percent. Lost when Redis is away, and nothing else is. */
  readonly progress: (percent: number) => Promise<void>;
}

type Handler<Schema extends z.ZodType> = (data: z.output<Schema>, run: JobRun) => Promise<unknown>;

/**
 * Marks the one method that runs `job`, on any provider. It may run twice for the same job (a worker that stalls, a
 * crash after the work): the use case behind it makes that harmless. What it throws decides: a Refusal is final,
 * everything else is tried again as the job says.
 */
export function JobHandler<Schema extends z.ZodType>(job: Job<Schema>) {
  return SetMetadata(JOB_HANDLER, job) as <Method extends Handler<Schema>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ) => void;
}
