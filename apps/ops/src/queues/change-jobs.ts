import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import type { ActionKind } from '../actions/action.entity.js';
import { ActionsStore } from '../actions/actions.store.js';
import { JobQueues } from './job-queues.js';

/** A job, or all failed jobs of its queue. */
export type ChosenJobs = { readonly jobId: string } | 'all';

/**
 * Runs failed jobs again, and delayed ones at once. A job carries an id and decides nothing, so it may run at any time.
 * The record is begun before and finished after: without the database nothing is done.
 */
@Injectable()
export class ChangeJobs {
  constructor(
    private readonly queues: JobQueues,
    private readonly actions: ActionsStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Retries a failed job, or all of them; resolves to their number.
   * @throws Refusal JOB_NOT_FOUND, JOB_NOT_FAILED; JobsUnavailable
   */
  async retry(queueName: string, jobs: ChosenJobs, operator: string): Promise<number> {
    const queue = await this.queueOf(queueName);
    if (jobs === 'all') {
      return this.recorded({ kind: 'retry-failed-jobs', place: queueName, jobId: null, operator }, async () => {
        const failed = await queue.getFailedCount();
        await queue.retryJobs({ state: 'failed' });
        return failed;
      });
    }
    return this.recorded({ kind: 'retry-job', place: queueName, jobId: jobs.jobId, operator }, async () => {
      const job = await jobOf(queue, jobs.jobId);
      if (!(await job.isFailed())) throw new Refusal('JOB_NOT_FAILED', 'Only a failed job is retried.', jobs);
      await job.retry('failed');
      return 1;
    });
  }

  /**
   * Runs a delayed job at once.
   * @throws Refusal JOB_NOT_FOUND, JOB_NOT_DELAYED; JobsUnavailable
   */
  async promote(queueName: string, jobId: string, operator: string): Promise<number> {
    const queue = await this.queueOf(queueName);
    return this.recorded({ kind: 'promote-job', place: queueName, jobId, operator }, async () => {
      const job = await jobOf(queue, jobId);
      if (!(await job.isDelayed())) throw new Refusal('JOB_NOT_DELAYED', 'Only a delayed job is promoted.', { jobId });
      await job.promote();
      return 1;
    });
  }

  private async queueOf(name: string): Promise<Queue> {
    const queue = (await this.queues.all()).find((one) => one.name === name);
    if (!queue) throw new Refusal('JOB_NOT_FOUND', 'No service has announced such a queue.', { queue: name });
    return queue;
  }

  private async recorded(
    action: { kind: ActionKind; place: string; jobId: string | null; operator: string },
    act: () => Promise<number>,
  ): Promise<number> {
    const id = newId();
    await this.actions.begin({ ...action, id, reason: null, requestedAt: this.clock.now() }, []);
    try {
      const jobs = await act();
      await this.actions.finish(id, this.clock.now(), [], jobs);
      return jobs;
    } catch (error) {
      await this.actions.fail(id, (error as Error).message);
      throw error;
    }
  }
}

async function jobOf(queue: Queue, jobId: string): Promise<Job> {
  const job = await queue.getJob(jobId);
  if (!job) throw new Refusal('JOB_NOT_FOUND', 'There is no such job in the queue.', { queue: queue.name, jobId });
  return job;
}
