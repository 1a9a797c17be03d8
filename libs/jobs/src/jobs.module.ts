import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Job } from './job.js';
import { Jobs, PRODUCER_REDIS, type Schedule } from './jobs.js';
import { producerConnection, workerConnection } from './redis.js';
import { SUPERVISION, Supervisor } from './supervisor.js';
import { JOBS, WORKER_REDIS, Workers } from './workers.js';

export interface JobsOptions {
  readonly redisUrl: string;
  /** Every kind of job that this service runs. */
  readonly jobs: readonly Job[];
  readonly schedules?: readonly Schedule[];
  /** Whether a Redis that evicts keys is refused rather than warned of. */
  readonly production: boolean;
  readonly superviseEveryMs?: number;
}

/**
 * The service's jobs: `Jobs` to ask for them anywhere in the app, and workers for the methods marked with
 * `@JobHandler`.
 */
@Global()
@Module({})
export class JobsModule {
  static forService({
    redisUrl,
    jobs,
    schedules = [],
    production,
    superviseEveryMs = 15_000,
  }: JobsOptions): DynamicModule {
    return {
      module: JobsModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: PRODUCER_REDIS, useFactory: () => producerConnection(redisUrl) },
        { provide: WORKER_REDIS, useFactory: () => workerConnection(redisUrl) },
        { provide: JOBS, useValue: jobs },
        { provide: SUPERVISION, useValue: { schedules, production, everyMs: superviseEveryMs } },
        Jobs,
        Workers,
        Supervisor,
      ],
      exports: [Jobs],
    };
  }
}
