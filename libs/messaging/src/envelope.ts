import type { DataOf, RequestOf, ResponseOf } from '#contracts/contract.js';
import { isId } from '#kernel/ids.js';
import type { Refusal } from '#kernel/refusal.js';
import { newTrace, type Trace } from '#observability/trace.js';
import { type Author, parseAuthor } from './author.js';

/** An event as a consumer receives it: CloudEvents 1.0 with the distributed tracing extension and two ids of ours. */
export interface Envelope<Data = unknown> {
  /** Unique per event (UUIDv7). A repeat of the event has the same id, by which the inbox recognises it. */
  readonly id: string;
  /** The service that publishes it. */
  readonly source: string;
  /** Name and version, such as `payments.payment-registered.v1`. */
  readonly type: string;
  /**
   * The id of the thing it is about. Events of one subject arrive in the order of their commits, except for repeats.
   */
  readonly subject: string;
  readonly time: Temporal.Instant;
  /** W3C Trace Context. */
  readonly traceparent: string | undefined;
  /** The same for every message that follows from one action of a person or provider. */
  readonly correlationId: string;
  /** The id of the message that caused this one. */
  readonly causationId: string | undefined;
  /** Of an event that a command caused: who gave the command. Events that follow from this one name nobody. */
  readonly authoredBy?: Author | undefined;
  /** In the wire's shape (snake_case). Validated against the contract by `batchOf`. */
  readonly data: Data;
}

/** A request to change something, as its service receives it. A repeat carries the same `id`. */
export interface Command<Data = unknown> {
  readonly id: string;
  readonly type: string;
  readonly traceparent: string | undefined;
  readonly correlationId: string;
  /** Who gave it; undefined when a service or an outside system sends it. */
  readonly author?: Author | undefined;
  readonly data: Data;
}

/** A request that reads and changes nothing. */
export type Query<Data = unknown> = Command<Data>;

/** The reply of a request handler to one item of its batch. */
export type Reply<Answer> = ({ readonly answer: Answer } | { readonly refusal: Refusal }) & {
  /** Of a stored reply to a repeat of its command: when the first reply was given. */
  readonly firstAnsweredAt?: Temporal.Instant;
};

/**
 * In place of a reply, for an item of a batch that cannot be answered for now although its neighbours can. The client
 * receives ServiceUnavailable, with this reason.
 */
export type Unavailable = { readonly unavailable: string };

/**
 * Handles a batch of messages of one type: events resolve to nothing, requests to one reply per item, in order. It is
 * one call of a Nest handler, with its pipes, guards, interceptors and filters.
 */
export type BatchHandler = (batch: readonly (Envelope | Command)[]) => Promise<unknown>;

export type EnvelopeOf<Event> = Envelope<DataOf<Event>>;
export type CommandOf<Contract> = Command<RequestOf<Contract>>;
export type QueryOf<Contract> = Query<RequestOf<Contract>>;
export type ReplyOf<Contract> = Reply<ResponseOf<Contract>>;

/** The message that caused a new event: the one being handled. */
export type Cause = Pick<Envelope, 'id' | 'correlationId' | 'traceparent'> & Pick<Command, 'author'>;

/** The bytes are not a message of ours: no attempt will ever succeed. */
export class Unparsable extends Error {
  override readonly name = 'Unparsable';
}

/** An event as a row of the outbox. `data` is JSON text, which the relay publishes without parsing it. */
export interface StoredEvent {
  readonly messageId: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** RFC 3339. */
  readonly time: string;
  readonly traceparent: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** As `formatAuthor` writes it. */
  readonly author?: string | null;
  readonly data: string;
}

/** The trace in which a message is handled: that of its sender, or a new one. */
export function traceOf({ traceparent, correlationId }: Pick<Envelope, 'traceparent' | 'correlationId'>): Trace {
  return newTrace(traceparent, correlationId);
}

/** CloudEvents 1.0, JSON event format §3 (structured mode). */
export const cloudEventsContentType = 'application/cloudevents+json; charset=utf-8';

/** CloudEvents 1.0, JSON batch format §4: an array of envelopes. */
export const cloudEventsBatchContentType = 'application/cloudevents-batch+json; charset=utf-8';

/** The body of a message with one event: a CloudEvents envelope in UTF-8. */
export function encodeEnvelope(event: StoredEvent): Buffer {
  return Buffer.from(envelopeText(event));
}

/**
 * The event as a CloudEvents envelope: a message, or one member of a batch. Its `data` is inserted as it was stored.
 */
export function envelopeText(event: StoredEvent): string {
  const attributes = JSON.stringify({
    specversion: '1.0',
    id: event.messageId,
    source: event.source,
    type: event.type,
    subject: event.subject,
    time: event.time,
    datacontenttype: 'application/json',
    traceparent: event.traceparent ?? undefined,
    correlationid: event.correlationId,
    causationid: event.causationId ?? undefined,
    author: event.author ?? undefined,
  });
  return `${attributes.slice(0, -1)},"data":${event.data}}`;
}

/** @throws Unparsable when the bytes are not a CloudEvents envelope of ours. `data` stays unchecked. */
export function decodeEnvelope(content: Buffer): Envelope {
  return readEnvelope(parseObject(content));
}

/**
 * The envelope in a parsed JSON value.
 * @throws Unparsable when the value is not an envelope of ours. `data` stays unchecked.
 */
export function readEnvelope(event: unknown): Envelope {
  if (!isObject(event)) throw new Unparsable('not a JSON object');
  const { id, source, type, subject, time, traceparent, correlationid, causationid, author, data } = event;
  if (event.specversion !== '1.0') throw new Unparsable('not a CloudEvents 1.0 envelope: specversion is missing');
  if (!isId(id)) throw new Unparsable('the id of the envelope is not a UUID');
  if (!isText(source)) throw new Unparsable('the envelope has no source');
  if (!isText(type)) throw new Unparsable('the envelope has no type');
  if (!isText(subject)) throw new Unparsable('the envelope has no subject');
  return {
    id: id.toLowerCase(),
    source,
    type,
    subject,
    time: instantOf(time),
    traceparent: isText(traceparent) ? traceparent : undefined,
    correlationId: isText(correlationid) ? correlationid : id,
    causationId: isText(causationid) ? causationid : undefined,
    ...(author !== undefined && { authoredBy: parseAuthor(author) }),
    data,
  };
}

/** @throws Unparsable when the bytes are not a JSON object. */
export function parseObject(content: Buffer): Record<string, unknown> {
  const value = parseJson(content);
  if (!isObject(value)) throw new Unparsable('not a JSON object');
  return value;
}

/** @throws Unparsable when the bytes are not JSON. */
export function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch (error) {
    throw new Unparsable(`not JSON: ${(error as Error).message}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const textMax = 512;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= textMax;
}

function instantOf(time: unknown): Temporal.Instant {
  try {
    return Temporal.Instant.from(time as string);
  } catch {
    throw new Unparsable('the time of the envelope is not an instant');
  }
}
