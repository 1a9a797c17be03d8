import { databaseFault } from '#persistence/faults.js';
import { Overloaded } from '#persistence/micro-batcher.js';

/** The broker cannot be reached, or does not confirm in time. Nothing is wrong with the message. */
export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerAway';
}

/**
 * Whoever should answer is down, too slow or overloaded; the same request may succeed later. Changes nothing by itself.
 */
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

/** The other service met a bug of its own while it handled the request. */
export class RemoteFault extends Error {
  override readonly name = 'RemoteFault';
}

/** For a use case that knows that the same message may succeed later by itself: it is retried after a pause. */
export class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

/**
 * What a failed handler means for its messages.
 * - `away`: a server that everything needs is down; waiting is all there is to do, for every message alike.
 * - `transient`: this message lost against another and may win next time.
 * - `bug`: it will fail again.
 */
export type Fault = 'away' | 'transient' | 'bug';

// ioredis and BullMQ say it in words when Redis is gone.
const redisAway = /MaxRetriesPerRequestError|Connection is closed|Stream isn't writeable|Command timed out/;

/**
 * What an error of a handler means. A fault of the database is found along the causes too; what is not known is a bug.
 */
export function faultOf(error: unknown): Fault {
  if (error instanceof BrokerUnavailable || error instanceof ServiceUnavailable) return 'away';
  if (error instanceof TransientFault || error instanceof Overloaded) return 'transient';
  const fault = databaseFault(error);
  if (fault === 'away') return 'away';
  if (fault === 'contention') return 'transient';
  if (error instanceof Error && redisAway.test(`${error.name} ${error.message}`)) return 'away';
  return 'bug';
}

/** Exponential with full jitter on the upper half: `attempt` from 0. */
export function backoffMs(attempt: number, { firstMs = 100, mostMs = 10_000 } = {}): number {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));
  return ceiling / 2 + Math.random() * (ceiling / 2);
}
