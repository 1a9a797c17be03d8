import type { FailureLimits } from '../../notifications.config.js';
import type { Endpoint } from './endpoint.js';

/** What an endpoint did with one attempt. */
export interface Outcome {
  readonly succeeded: boolean;
  /** It answered 410. */
  readonly isGone: boolean;
  /** The instant before which it asked for nothing more (Retry-After). */
  readonly retryAfter: Temporal.Instant | null;
}

/** So many failures in a row may be those of single events. From then on the endpoint itself pauses. */
const toleratedFailures = 4;
const pauseMaxSeconds = 300;

/**
 * An endpoint after attempts, in their order. A success forgets all failures. Several failures in a row make pauses
 * that double up to five minutes, so that a broken server gets few requests. Too many failures, or failures
 * for too long, disable the endpoint, and 410 does so at once.
 */
export function afterAttempts(
  endpoint: Endpoint,
  outcomes: readonly Outcome[],
  limits: FailureLimits,
  now: Temporal.Instant,
): Endpoint {
  return outcomes.reduce((current, outcome) => afterAttempt(current, outcome, limits, now), endpoint);
}

function afterAttempt(endpoint: Endpoint, outcome: Outcome, limits: FailureLimits, now: Temporal.Instant): Endpoint {
  if (outcome.succeeded) return { ...endpoint, failures: 0, failingSince: null, notBefore: null };
  const failures = endpoint.failures + 1;
  const failingSince = endpoint.failingSince ?? now;
  const pause = pauseSeconds(failures);
  const paused = pause === 0 ? null : now.add({ seconds: pause });
  const failed = { ...endpoint, failures, failingSince, notBefore: later(paused, outcome.retryAfter) };
  const failsTooLong = Temporal.Instant.compare(failingSince.add({ hours: 24 * limits.days }), now) <= 0;
  if (!outcome.isGone && !failsTooLong && failures < limits.inRow) return failed;
  if (endpoint.status === 'disabled' || endpoint.status === 'archived') return failed;
  const statusReason = outcome.isGone ? 'gone' : 'failing';
  return { ...failed, status: 'disabled', statusReason, statusChangedAt: now, version: endpoint.version + 1 };
}

function pauseSeconds(failures: number): number {
  const beyond = failures - toleratedFailures;
  return beyond <= 0 ? 0 : Math.min(2 ** Math.min(beyond - 1, 20), pauseMaxSeconds);
}

function later(one: Temporal.Instant | null, other: Temporal.Instant | null): Temporal.Instant | null {
  if (one === null || other === null) return one ?? other;
  return Temporal.Instant.compare(one, other) >= 0 ? one : other;
}
