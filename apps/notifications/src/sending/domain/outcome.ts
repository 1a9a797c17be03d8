import type { AttemptError, DeliveryState } from '../../deliveries/domain/delivery.js';
import { nextAttemptAt, retryAfterOf } from '../../deliveries/domain/retries.js';
import type { Outcome } from '../../endpoints/domain/endpoint-health.js';
import { type Answer, printable } from './answer.js';

/** What came of an attempt, for the delivery and for its endpoint. */
export interface Attempted extends Outcome {
  readonly state: DeliveryState;
  readonly dueAt: Temporal.Instant;
  readonly durationMs: number;
  readonly status: number | null;
  readonly error: AttemptError | null;
  readonly detail: string | null;
  readonly answer: string | null;
}

/** These say with Retry-After that the server itself wants no requests for a while. */
const overloaded = new Set([429, 503]);

/** Only 2xx is a success. After three days a delivery is given up; 410 gives it up at once. */
export function outcomeOf(
  answer: Answer,
  delivery: { readonly attempts: number; readonly triedSince: Temporal.Instant },
  now: Temporal.Instant,
  random: number,
): Attempted {
  const status = 'status' in answer ? answer.status : null;
  const base = {
    durationMs: answer.durationMs,
    status,
    detail: 'detail' in answer ? answer.detail : null,
    answer: 'answer' in answer ? printable(answer.answer) : null,
  };
  if (status !== null && status >= 200 && status < 300) {
    const succeeded = { succeeded: true, isGone: false, retryAfter: null };
    return { ...base, ...succeeded, state: 'delivered', dueAt: now, error: null };
  }
  const wished = 'status' in answer ? retryAfterOf(answer.retryAfter, now) : null;
  const next = status === 410 ? null : nextAttemptAt({ ...delivery, retryAfter: wished }, now, random);
  return {
    ...base,
    succeeded: false,
    isGone: status === 410,
    retryAfter: status !== null && overloaded.has(status) ? wished : null,
    state: next === null ? 'failed' : 'pending',
    dueAt: next ?? now,
    error: 'error' in answer ? answer.error : answer.status >= 300 && answer.status < 400 ? 'redirect' : 'status',
  };
}
