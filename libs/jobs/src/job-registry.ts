import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Job } from './job.js';
import { JOB_HANDLER, type JobRun } from './job-handler.js';
import type { Schedule } from './jobs.js';

/** The jobs and schedules that one feature declares. Each `JobsModule.forFeature` provides one. */
export class DeclaredJobs {
  /**
   * @param jobs every kind of job that the feature runs
   * @param schedules those of them that repeat
   */
  constructor(
    readonly jobs: readonly Job[],
    readonly schedules: readonly Schedule[],
  ) {}
}

/** A method marked with `@JobHandler`, bound to its provider; `place` is `<class>.<method>`. */
export interface FoundHandler {
  readonly job: Job;
  readonly place: string;
  readonly handle: (data: unknown, run: JobRun) => Promise<unknown>;
}

/** Finds what the modules of the app declare. Complete once Nest has made all providers: at application bootstrap. */
@Injectable()
export class JobRegistry {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** Every declared job, in the order of the modules. */
  jobs(): readonly Job[] {
    return this.declared().flatMap(({ jobs }) => jobs);
  }

  /** Every declared schedule, in the order of the modules. */
  schedules(): readonly Schedule[] {
    return this.declared().flatMap(({ schedules }) => schedules);
  }

  /**
   * The one handler of each declared job.
   * @throws Error that names each job which is declared twice, which has no handler or several, and each handler of a
   *   job that no module declares.
   */
  handlers(): readonly FoundHandler[] {
    const jobs = this.jobs();
    const found = this.foundHandlers();
    const twice = jobs
      .filter(({ name }, index) => jobs.findIndex((other) => other.name === name) < index)
      .map(({ name }) => `${name} is declared twice`);
    const strays = found
      .filter(({ job }) => !jobs.includes(job))
      .map(({ job, place }) => `${place} handles ${job.name}, which no module declares`);
    const handlersOf = (job: Job) => found.filter((handler) => handler.job === job);
    const miscounted = jobs
      .filter((job) => handlersOf(job).length !== 1)
      .map((job) => {
        const places = handlersOf(job).map(({ place }) => place);
        return `${job.name} has ${places.length} handlers (${places.join(', ') || 'none'}); it needs one`;
      });
    const faults = [...twice, ...miscounted, ...strays];
    if (faults.length > 0) throw new Error(`Jobs without exactly one handler:\n  ${faults.join('\n  ')}`);
    return found;
  }

  private declared(): DeclaredJobs[] {
    return this.discovery
      .getProviders()
      .map(({ instance }) => instance)
      .filter((instance) => instance instanceof DeclaredJobs);
  }

  private foundHandlers(): FoundHandler[] {
    return this.discovery.getProviders().flatMap(({ instance }) => {
      if (typeof instance !== 'object' || instance === null) return [];
      return this.scanner.getAllMethodNames(Object.getPrototypeOf(instance)).flatMap((method) => {
        const job: Job | undefined = Reflect.getMetadata(JOB_HANDLER, instance[method]);
        if (!job) return [];
        const place = `${instance.constructor.name}.${method}`;
        return [{ job, place, handle: instance[method].bind(instance) }];
      });
    });
  }
}
