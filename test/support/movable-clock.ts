import { Clock } from '#kernel/clock.js';

/** A clock that stands still until the test moves it. */
export class MovableClock extends Clock {
  #now: Temporal.Instant;

  constructor(start: Temporal.Instant | string = '2026-03-02T09:00:00Z') {
    super();
    this.#now = Temporal.Instant.from(start);
  }

  now(): Temporal.Instant {
    return this.#now;
  }

  moveTo(instant: Temporal.Instant | string): void {
    this.#now = Temporal.Instant.from(instant);
  }

  moveBy(duration: Temporal.DurationLike | string): void {
    this.#now = this.#now.add(duration);
  }
}
