import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemOf, problemType } from '#http/problem.js';
import type { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { operatorOf } from '../access/operator.js';
import type { ActionsStore } from '../actions/actions.store.js';
import { opsProblems } from '../ops.problems.js';
import { countOfJobs, isForFailedJobs, type JobAction, jobActionOf } from './job-actions.js';

/** A recorded action whose outcome is not recorded yet. */
interface BegunAction extends JobAction {
  readonly id: string;
}

/**
 * Records what operators do to jobs in `scope`: an action before it is done, its outcome before the answer leaves.
 * Without the database nothing is done.
 */
export function recordJobActions(scope: FastifyInstance, prefix: string, actions: ActionsStore, clock: Clock): void {
  const begun = new WeakMap<FastifyRequest, BegunAction>();

  scope.addHook('preHandler', async (request, reply) => {
    const action = jobActionOf(request, prefix);
    if (!action) return undefined;
    if (!isForFailedJobs(request))
      return refuse(reply, new Refusal('JOBS_NOT_FAILED', 'Only failed jobs are retried.'));
    const id = newId();
    const { kind, queue: place, jobId } = action;
    try {
      const operator = operatorOf(request);
      await actions.begin({ id, kind, place, jobId, operator, reason: null, requestedAt: clock.now() }, []);
    } catch (error) {
      return refuse(reply, error);
    }
    begun.set(request, { ...action, id });
    return undefined;
  });

  scope.addHook('onSend', async (request, reply, payload) => {
    const action = begun.get(request);
    if (!action) return;
    const { id } = action;
    if (reply.statusCode < 300) await actions.finish(id, clock.now(), [], countOfJobs(action, payload));
    else await actions.fail(id, `${reply.statusCode} ${String(payload)}`);
  });
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  const answer = problemOf(error, opsProblems);
  return reply.status(answer.status).type(problemType).send(answer);
}
