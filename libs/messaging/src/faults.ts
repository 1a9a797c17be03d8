import type { Refusal } from '#kernel/refusal.js';
import { databaseFault } from '#persistence/faults.js';
import { Overloaded } from '#persistence/micro-batcher.js';

/** The broker cannot be reached, or does not confirm in time. The message itself is fine. */
export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerUnavailable';
}

/** The service that answers is down, too slow or overloaded. The same request may succeed later. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';

  constructor(
    readonly service: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${service} is not available: ${reason}`, options);
  }
}

/** The other service failed by a bug of its own while it handled the request. */
export class RemoteFault extends Error {
  override readonly name = 'RemoteFault';
}

/** Thrown by a use case when the same message may succeed later: it is retried after a pause. */
export class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

/** Some items of a batch do not fit their contract. The handler has not received any item yet. */
export class InvalidPayload extends Error {
  override readonly name = 'InvalidPayload';

  /** @param faults the refusal of each invalid item, by its position in the batch */
  constructor(readonly faults: ReadonlyMap<number, Refusal>) {
    super(`${faults.size} of the batch do not fit their contract`);
  }
}

/**
 * What the failure of a handler means for its messages.
 * - `unavailable`: a server that every message needs cannot be reached; the call is repeated until it is back.
 * - `transient`: the message lost against another one, and may succeed at the next attempt.
 * - `bug`: every further attempt will fail.
 */
export type Fault = 'unavailable' | 'transient' | 'bug';

// ioredis and BullMQ have no error codes for a Redis that is unavailable, only these texts.
const redisUnavailable = /MaxRetriesPerRequestError|Connection is closed|Stream isn't writeable|Command timed out/;

/** Classifies an error of a handler, and its causes where they are faults of the database. Any other error is a bug. */
export function faultOf(error: unknown): Fault {
  if (error instanceof BrokerUnavailable || error instanceof ServiceUnavailable) return 'unavailable';
  if (error instanceof TransientFault || error instanceof Overloaded) return 'transient';
  const fault = databaseFault(error);
  if (fault === 'away') return 'unavailable';
  if (fault === 'contention') return 'transient';
  if (error instanceof Error && redisUnavailable.test(`${error.name} ${error.message}`)) return 'unavailable';
  return 'bug';
}

/** The pause after attempt number `attempt` (from 0), in milliseconds: exponential, with jitter on the upper half. */
export function backoffMs(attempt: number, { firstMs = 100, mostMs = 10_000 } = {}): number {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));
  return ceiling / 2 + Math.random() * (ceiling / 2);
}
