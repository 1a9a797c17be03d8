import type { Problem } from './generated/operations.ts';

/** The server refused: its problem document says why. */
export class Refused extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds to wait before another attempt, by `Retry-After`. */
    readonly retryAfter: number | undefined,
  ) {
    super(problem.detail);
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }

  /** A server is away or busy: the same request may succeed later. */
  get isAway(): boolean {
    return this.status === 503 || this.status === 502 || this.status === 504;
  }
}

/** No answer came: the request may have been carried out or not. Repeat it under the same key. */
export class NoAnswer extends Error {}

/** Whether a later attempt may succeed without a change. */
export function isAway(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof Refused && error.isAway);
}

/** Seconds until the next attempt of a request that found a server away. */
export function secondsToRetry(error: unknown, attempt: number): number {
  const given = error instanceof Refused ? error.retryAfter : undefined;
  return Math.min(given ?? 2 ** attempt, 30);
}
