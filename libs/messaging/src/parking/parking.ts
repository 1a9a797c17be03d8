import type { MessageProperties } from 'amqplib';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { parkedQueue, retryQueue } from '../connection/topology.js';
import type { Publication } from '../publishing/publisher.js';

/** Why a message was parked. Stable: operators filter by it. */
export type ParkReason =
  | 'unparsable'
  | 'unknown-type'
  | 'too-new-version'
  | 'malformed'
  | 'refused'
  | 'bug'
  | 'retries-exhausted'
  | 'crashes-its-consumer';

/** Our own headers. Those of the broker (`x-…`) are never relied on as counters: they count other things. */
export const headers = {
  attempts: 'attempts',
  lastError: 'last-error',
  parkedId: 'parked-id',
  parkedReason: 'parked-reason',
  parkedDetail: 'parked-detail',
  parkedAt: 'parked-at',
} as const;

const detailMax = 2_000;

/** A message as it was received: all that is needed to send it on. */
export interface Received {
  readonly content: Buffer;
  readonly properties: MessageProperties;
}

/** How many times it was tried and failed by a transient fault. */
export function attemptsOf({ properties }: Received): number {
  const attempts = Number(properties.headers?.[headers.attempts]);
  return Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0;
}

/** To where `service` keeps what it cannot handle. */
export function parked(service: string, message: Received, reason: ParkReason, error: unknown): Publication {
  return {
    exchange: '',
    routingKey: parkedQueue(service),
    content: message.content,
    properties: {
      ...identityOf(message),
      headers: {
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
 * To where it sits out the pause before its next attempt; ± 20 %, so that those who failed together do not meet again.
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
      headers: { [headers.attempts]: attempt, [headers.lastError]: describe(error) },
    },
  };
}

/** The message as it was when it was told first. */
export function republished(message: Received, exchange: string, routingKey: string): Publication {
  return { exchange, routingKey, content: message.content, properties: identityOf(message) };
}

function identityOf({ properties }: Received) {
  const { messageId, type, contentType } = properties;
  return { messageId, type, contentType, persistent: true, mandatory: true };
}

/** Of a refusal the code, which is stable; of anything else its name. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, detailMax);
  const kind = error instanceof Refusal ? error.code : error.name;
  return `${kind}: ${error.message}\n${error.stack ?? ''}`.slice(0, detailMax);
}
