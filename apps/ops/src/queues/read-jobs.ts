import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import { JobQueues } from './job-queues.js';
import type { JobsOfQueue, WaitingJob } from './jobs.page.js';

/** The page shows at most this many jobs of a queue and state; bull-board shows all. */
const shownMax = 50;

/** Reads the jobs that an operator may run. */
@Injectable()
export class ReadJobs {
  constructor(private readonly queues: JobQueues) {}

  /** @throws JobsUnavailable */
  async execute(): Promise<JobsOfQueue[]> {
    return Promise.all((await this.queues.all()).map(jobsOf));
  }
}

async function jobsOf(queue: Queue): Promise<JobsOfQueue> {
  const [failed, failedCount, delayed, delayedCount] = await Promise.all([
    queue.getFailed(0, shownMax - 1),
    queue.getFailedCount(),
    queue.getDelayed(0, shownMax - 1),
    queue.getDelayedCount(),
  ]);
  return {
    queue: queue.name,
    failed: failed.map((job) => waiting(job, job.finishedOn ?? job.timestamp)),
    failedCount,
    delayed: delayed.map((job) => waiting(job, job.timestamp + job.delay)),
    delayedCount,
  };
}

function waiting(job: Job, atMs: number): WaitingJob {
  return {
    id: job.id ?? '',
    failure: job.failedReason ?? '',
    at: Temporal.Instant.fromEpochMilliseconds(atMs).toString(),
    attempts: job.attemptsMade,
  };
}
