import { serviceQueue } from '../connection/topology.js';
import { attemptsOf, delayed, type ParkReason, parked, republished } from '../parking/parking.js';
import type { Received } from '../publishing/packing.js';
import type { Publication } from '../publishing/publisher.js';

/**
 * The messages of one batch that were not handled. Each goes to another queue. The consumer publishes all of them, and
 * acknowledges the batch only after the broker has confirmed them.
 */
export class DeferredMessages {
  readonly publications: Publication[] = [];

  /** @param retryDelaysMs the pause before each further attempt; their number bounds the attempts */
  constructor(
    private readonly service: string,
    private readonly retryDelaysMs: readonly number[],
  ) {}

  /** Parks the message: operators see it with the reason, and replay or discard it. */
  park(message: Received, reason: ParkReason, error: unknown): void {
    this.publications.push(parked(this.service, message, reason, error));
  }

  /** Schedules a further attempt. False, and nothing scheduled, when the attempts are used up. */
  retry(message: Received, error: unknown): boolean {
    if (attemptsOf(message) >= this.retryDelaysMs.length) return false;
    this.publications.push(delayed(this.service, message, this.retryDelaysMs, error));
    return true;
  }

  /** Sends the message back to the queue of the service, as it was published first. */
  requeue(message: Received): void {
    this.publications.push(republished(message, '', serviceQueue(this.service)));
  }
}
