import { type DynamicModule, Global, type InjectionToken, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Job } from './job.js';
import { DeclaredJobs, JobRegistry } from './job-registry.js';
import { Jobs, PRODUCER_REDIS, type Schedule } from './jobs.js';
import { producerConnection, workerConnection } from './redis.js';
import { SUPERVISION, Supervisor } from './supervisor.js';
import { WORKER_REDIS, Workers } from './workers.js';

export interface JobsOptions {
  readonly redisUrl: string;
  /** In production a Redis that evicts keys is refused; elsewhere it is only logged. */
  readonly production: boolean;
  readonly superviseEveryMs?: number;
}

/** What one feature module declares. */
export interface FeatureJobs {
  /** Every kind of job that the feature runs. Each needs exactly one `@JobHandler` among the providers of the app. */
  readonly jobs: readonly Job[];
  /** Those of them that repeat: a list, or a factory where it depends on what `inject` names (global providers). */
  readonly schedules?: readonly Schedule[] | ScheduleFactory;
}

export interface ScheduleFactory {
  readonly inject: InjectionToken[];
  // biome-ignore lint/suspicious/noExplicitAny: the container's tokens do not carry the types of what they stand for
  readonly useFactory: (...injected: any[]) => readonly Schedule[];
}

/** Holds what one feature declares. It works without `JobsModule.forService`; then no job runs. */
@Module({})
class FeatureJobsModule {}

/**
 * The jobs of a service. The app module imports `forService` once; each feature module with jobs imports `forFeature`.
 * `Jobs`, which enqueues, is global.
 */
@Global()
@Module({})
export class JobsModule {
  /** Connects to Redis and runs every declared job. Boot fails when a job has not exactly one handler. */
  static forService(options: JobsOptions): DynamicModule {
    const { redisUrl, production, superviseEveryMs = 15_000 } = options;
    return {
      module: JobsModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: PRODUCER_REDIS, useFactory: () => producerConnection(redisUrl) },
        { provide: WORKER_REDIS, useFactory: () => workerConnection(redisUrl) },
        { provide: SUPERVISION, useValue: { production, everyMs: superviseEveryMs } },
        JobRegistry,
        Jobs,
        Workers,
        Supervisor,
      ],
      exports: [Jobs],
    };
  }

  /** Declares the jobs and schedules of one feature module, which imports the result. */
  static forFeature({ jobs, schedules = [] }: FeatureJobs): DynamicModule {
    const { inject, useFactory } = 'useFactory' in schedules ? schedules : { inject: [], useFactory: () => schedules };
    return {
      module: FeatureJobsModule,
      providers: [
        {
          provide: DeclaredJobs,
          inject,
          useFactory: (...injected: unknown[]) => new DeclaredJobs(jobs, useFactory(...injected)),
        },
      ],
    };
  }
}
