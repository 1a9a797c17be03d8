import type { MessageProperties, Options } from 'amqplib';
import { eventsExchange, packedSubject, routingKey } from '../connection/topology.js';
import {
  cloudEventsBatchContentType,
  cloudEventsContentType,
  envelopeText,
  parseJson,
  type StoredEvent,
  Unparsable,
} from '../envelope.js';
import type { Publication } from './publisher.js';

/** The most events in one message. More would make a message too large a part of a consumer's batch. */
export const packMax = 100;
/** In characters of JSON. An event that is larger by itself is published in a message of its own. */
const textMax = 128 * 1024;

/** The number of events in a message: a consumer measures its batches by it, before it parses any message. */
export const eventsHeader = 'events';

/** A message as it was received: its bytes, and the properties that are needed to publish it again. */
export interface Received {
  readonly content: Buffer;
  readonly properties: MessageProperties;
}

/** The number of events in a message, by its header; 1 when the header is missing or makes no sense. */
export function eventsIn(headers: Record<string, unknown> | undefined): number {
  const count = Number(headers?.[eventsHeader]);
  return Number.isSafeInteger(count) && count > 1 && count <= packMax ? count : 1;
}

/**
 * The messages for events that were claimed from the outbox together, in their order.
 *
 * A message costs the broker and both ends much the same whether it carries one event or a hundred. So neighbours of
 * one type are packed: one message with a CloudEvents batch, whose routing key has their type and no subject. An event
 * without a neighbour of its type becomes a message of its own.
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

/** One of the events in a message that was received. */
export interface PackedEvent {
  /** Its envelope as parsed JSON, not validated yet. */
  readonly event: unknown;
  /** The message that carries this event alone, for a retry or for parking. */
  readonly asSingle: () => Received;
}

/**
 * The events in a message, in their order.
 * @throws Unparsable when the bytes are not JSON, or are an empty batch.
 */
export function unpack(message: Received): PackedEvent[] {
  const value = parseJson(message.content);
  if (!Array.isArray(value)) return [{ event: value, asSingle: () => message }];
  if (value.length === 0) throw new Unparsable('an empty batch');
  return value.map((event) => ({ event, asSingle: () => singleOf(message, event) }));
}

function singleOf({ properties }: Received, event: unknown): Received {
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
