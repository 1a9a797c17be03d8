import type { FastifyRequest } from 'fastify';
import type { ActionKind } from '../actions/action.entity.js';

/** What an operator does to a job, or to all failed jobs of a queue. */
export interface JobAction {
  readonly kind: ActionKind;
  readonly queue: string;
  readonly jobId: string | null;
}

/**
 * What operators may do to jobs, by bull-board's route. Its other routes that change something are not registered: they
 * remove jobs or queues, change the data of jobs, or stop queues. A job carries an id and decides nothing, so a failed
 * one may run again at any time.
 */
const allowedChanges: Readonly<Record<string, ActionKind>> = {
  'PUT /api/queues/:queueName/:jobId/retry': 'retry-job',
  'PUT /api/queues/:queueName/:jobId/promote': 'promote-job',
  'PUT /api/queues/:queueName/retry/:queueStatus': 'retry-failed-jobs',
};

/** Whether a route of bull-board is registered: it only reads, or operators need it. */
export function isAllowed(method: string, route: string): boolean {
  return method === 'GET' || `${method} ${route}` in allowedChanges;
}

/** The action of a request that changes jobs; undefined for a request that reads. */
export function jobActionOf({ method, routeOptions, params }: FastifyRequest, prefix: string): JobAction | undefined {
  const kind = allowedChanges[`${method} ${routeOptions.url?.slice(prefix.length)}`];
  const { queueName = '', jobId } = params as { queueName?: string; jobId?: string };
  return kind && { kind, queue: queueName, jobId: jobId ?? null };
}

/** Whether an action on all jobs of a queue is one on its failed jobs: those that succeeded are not run again. */
export function isForFailedJobs({ params }: FastifyRequest): boolean {
  const { queueStatus = 'failed' } = params as { queueStatus?: string };
  return queueStatus === 'failed';
}

/** The number of jobs that an action was done to, by bull-board's answer to it. */
export function countOfJobs({ jobId }: JobAction, answer: unknown): number {
  if (jobId !== null) return 1;
  const { retried = 0 } = JSON.parse(String(answer)) as { retried?: number };
  return retried;
}
