import type { Options } from 'amqplib';
import { eventsExchange, packedSubject, routingKey } from '../connection/topology.js';
import {
  cloudEventsBatchContentType,
  cloudEventsContentType,
  envelopeText,
  parseJson,
  type StoredEvent,
  Unparsable,
} from '../envelope.js';
import type { Received } from '../parking/parking.js';
import type { Publication } from './publisher.js';

/** How many events travel together at the most. More would make one message weigh too much in a consumer’s batch. */
export const packMax = 100;
/** In characters of JSON. A event that is larger by itself travels alone. */
const textMax = 128 * 1024;

/** Says how many events a message carries, so that a consumer can measure its batches before it has parsed anything. */
export const eventsHeader = 'events';

/** How many events a message says that it carries. */
export function eventsIn(headers: Record<string, unknown> | undefined): number {
  const count = Number(headers?.[eventsHeader]);
  return Number.isSafeInteger(count) && count > 1 && count <= packMax ? count : 1;
}

/**
 * What goes to the broker for events that were taken from the outbox together, in their order.
 *
 * A message costs the broker and both ends much the same whether it carries one event or a hundred, so neighbours of
 * one type travel together: a CloudEvents batch, under the routing key of their type and no subject. A event without a
 * neighbour of its type travels as it is.
 */
export function pack(events: readonly StoredEvent[], properties: (type: string) => Options.Publish): Publication[] {
  const publications: Publication[] = [];
  let texts: string[] = [];
  let length = 0;
  let first = 0;
  const close = (end: number) => {
    if (texts.length > 0) publications.push(publicationOf(events.slice(first, end), texts, properties));
    texts = [];
    length = 0;
    first = end;
  };
  for (const [index, event] of events.entries()) {
    const text = envelopeText(event);
    const fits = texts.length < packMax && length + text.length <= textMax;
    if (event.type !== events[first]?.type || !fits) close(index);
    texts.push(text);
    length += text.length;
  }
  close(events.length);
  return publications;
}

function publicationOf(
  events: readonly StoredEvent[],
  texts: readonly string[],
  properties: (type: string) => Options.Publish,
): Publication {
  const { type, subject, messageId } = events[0] as StoredEvent;
  const common = { ...properties(type), messageId, type };
  if (events.length === 1) {
    return {
      exchange: eventsExchange,
      routingKey: routingKey(type, subject),
      content: Buffer.from(texts[0] as string),
      properties: { ...common, contentType: cloudEventsContentType },
    };
  }
  return {
    exchange: eventsExchange,
    routingKey: routingKey(type, packedSubject),
    content: Buffer.from(`[${texts.join(',')}]`),
    properties: {
      ...common,
      contentType: cloudEventsBatchContentType,
      headers: { [eventsHeader]: events.length },
    },
  };
}

/** One of the events in a message. */
export interface PackedEvent {
  /** Its envelope, parsed and not yet looked at. */
  readonly event: unknown;
  /** The message that it would be by itself, to be sent on. */
  readonly alone: () => Received;
}

/**
 * The events in a message, in their order.
 * @throws Unparsable when the bytes are not JSON, or a batch of nothing.
 */
export function unpack(message: Received): PackedEvent[] {
  const value = parseJson(message.content);
  if (!Array.isArray(value)) return [{ event: value, alone: () => message }];
  if (value.length === 0) throw new Unparsable('a batch of nothing');
  return value.map((event) => ({ event, alone: () => takenOut(message, event) }));
}

function takenOut({ properties }: Received, event: unknown): Received {
  const { [eventsHeader]: _, ...headers } = properties.headers ?? {};
  const id = (event as { id?: unknown } | null)?.id;
  return {
    content: Buffer.from(JSON.stringify(event)),
    properties: {
      ...properties,
      headers,
      contentType: cloudEventsContentType,
      messageId: typeof id === 'string' ? id : properties.messageId,
    },
  };
}
