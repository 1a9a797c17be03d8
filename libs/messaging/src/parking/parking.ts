import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { firstPublisherHeader } from '../connection/publisher-identity.js';
import { parkedQueue, retryQueue } from '../connection/topology.js';
import type { Received } from '../publishing/packing.js';
import type { Publication } from '../publishing/publisher.js';

/** Why a message was parked. Stable: operators filter by it. */
export type ParkReason =
  | 'unparsable'
  | 'foreign-publisher'
  | 'unknown-type'
  | 'too-new-version'
  | 'malformed'
  | 'refused'
  | 'bug'
  | 'retries-exhausted'
  | 'crashes-its-consumer';

/** Our own headers. The counters of the broker (`x-…`) are not used: they count other things than attempts. */
export const headers = {
  attempts: 'attempts',
  lastError: 'last-error',
  parkedId: 'parked-id',
  parkedReason: 'parked-reason',
  parkedDetail: 'parked-detail',
  parkedAt: 'parked-at',
} as const;

const detailMax = 2_000;

/** How many attempts have failed by a transient fault. */
export function attemptsOf({ properties }: Received): number {
  const attempts = Number(properties.headers?.[headers.attempts]);
  return Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0;
}

/** The message for the parked queue of `service`, with the reason and a new parking id. */
export function parked(service: string, message: Received, reason: ParkReason, error: unknown): Publication {
  return {
    exchange: '',
    routingKey: parkedQueue(service),
    content: message.content,
    properties: {
      ...identityOf(message),
      headers: {
        ...firstPublisherOf(message),
        [headers.attempts]: attemptsOf(message),
        [headers.parkedId]: newId(),
        [headers.parkedReason]: reason,
        [headers.parkedDetail]: describe(error),
        [headers.parkedAt]: new Date().toISOString(),
      },
    },
  };
}

/**
 * The message for the queue of the pause before its next attempt. The pause varies by ± 20 %, so that messages
 * which failed together are not retried together.
 */
export function delayed(service: string, message: Received, delaysMs: readonly number[], error: unknown): Publication {
  const attempt = attemptsOf(message) + 1;
  const delayMs = (delaysMs[attempt - 1] ?? 0) * (0.8 + Math.random() * 0.4);
  return {
    exchange: '',
    routingKey: retryQueue(service, attempt),
    content: message.content,
    properties: {
      ...identityOf(message),
      expiration: String(Math.round(delayMs)),
      headers: { ...firstPublisherOf(message), [headers.attempts]: attempt, [headers.lastError]: describe(error) },
    },
  };
}

/** The message as it was published first, with its first publisher, and without a count of attempts. */
export function republished(message: Received, exchange: string, routingKey: string): Publication {
  return {
    exchange,
    routingKey,
    content: message.content,
    properties: { ...identityOf(message), headers: firstPublisherOf(message) },
  };
}

/** The header that `withFirstPublisher` set, for the next consumer of the message. */
function firstPublisherOf({ properties }: Received): Record<string, unknown> {
  const publisher = properties.headers?.[firstPublisherHeader];
  return publisher === undefined ? {} : { [firstPublisherHeader]: publisher };
}

function identityOf({ properties }: Received) {
  const { messageId, type, contentType } = properties;
  return { messageId, type, contentType, persistent: true, mandatory: true };
}

/** The code of a refusal, which is stable, or the name of any other error; then its message and stack. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, detailMax);
  const kind = error instanceof Refusal ? error.code : error.name;
  return `${kind}: ${error.message}\n${error.stack ?? ''}`.slice(0, detailMax);
}
