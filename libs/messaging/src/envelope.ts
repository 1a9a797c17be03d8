import type { DataOf, RequestOf, ResponseOf } from '#contracts/contract.js';
import { isId } from '#kernel/ids.js';
import type { Refusal } from '#kernel/refusal.js';

/** A event as a consumer sees it: CloudEvents 1.0 with the extensions of distributed tracing and our two ids. */
export interface Envelope<Data = unknown> {
  /** Unique per event (UUIDv7). A repeat of the same event has the same id: what the inbox knows it by. */
  readonly id: string;
  /** The service that tells it. */
  readonly source: string;
  /** Name and version, such as `payments.payment-registered.v1`. */
  readonly type: string;
  /** The id of what it is about. Events of one subject arrive in the order of their commits, repeats aside. */
  readonly subject: string;
  readonly time: Temporal.Instant;
  /** W3C Trace Context. */
  readonly traceparent: string | undefined;
  /** The same for everything that follows from one thing a person or provider did. */
  readonly correlationId: string;
  /** The id of the message that led to this one. */
  readonly causationId: string | undefined;
  /** In the wire's shape (snake_case), validated by the contract once `batchOf` has seen it. */
  readonly data: Data;
}

/** A request to do something, as the service that does it sees it. A repeat carries the same `id`. */
export interface Command<Data = unknown> {
  readonly id: string;
  readonly type: string;
  readonly traceparent: string | undefined;
  readonly correlationId: string;
  readonly data: Data;
}

/** A request to tell something. */
export type Query<Data = unknown> = Command<Data>;

/** What a request handler says to one item of its batch. */
export type Reply<Answer> = { readonly answer: Answer } | { readonly refusal: Refusal };

/**
 * Stands where a reply would, for an item of a batch that nobody can answer for now although its neighbours can be
 * answered: whoever asked hears ServiceUnavailable, with this reason.
 */
export type Unavailable = { readonly unavailable: string };

export type EnvelopeOf<Event> = Envelope<DataOf<Event>>;
export type CommandOf<Contract> = Command<RequestOf<Contract>>;
export type QueryOf<Contract> = Query<RequestOf<Contract>>;
export type ReplyOf<Contract> = Reply<ResponseOf<Contract>>;

/** What led to a new event: the message being handled. */
export type Cause = Pick<Envelope, 'id' | 'correlationId' | 'traceparent'>;

/** The bytes cannot be understood as a message; nobody will ever handle them. */
export class Unparsable extends Error {
  override readonly name = 'Unparsable';
}

/** What the outbox keeps of a event; `data` is JSON text already, so that it is never parsed on its way out. */
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
  readonly data: string;
}

/** CloudEvents 1.0, JSON event format §3 (structured mode). */
export const cloudEventsContentType = 'application/cloudevents+json; charset=utf-8';

/** CloudEvents 1.0, JSON batch format §4: an array of envelopes. */
export const cloudEventsBatchContentType = 'application/cloudevents-batch+json; charset=utf-8';

/** A event as the bytes of a lone message: a CloudEvents envelope in UTF-8. */
export function encodeEnvelope(event: StoredEvent): Buffer {
  return Buffer.from(envelopeText(event));
}

/**
 * A event as a CloudEvents envelope, for a message or a place in a batch. What it says (`data`) is put in as it is
 * kept.
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
  });
  return `${attributes.slice(0, -1)},"data":${event.data}}`;
}

/** @throws Unparsable when the bytes are not a CloudEvents envelope of ours. `data` stays unchecked. */
export function decodeEnvelope(content: Buffer): Envelope {
  return readEnvelope(parseObject(content));
}

/**
 * The envelope in a parsed JSON value.
 * @throws Unparsable when it is none of ours. `data` stays unchecked.
 */
export function readEnvelope(event: unknown): Envelope {
  if (!isObject(event)) throw new Unparsable('not a JSON object');
  const { id, source, type, subject, time, traceparent, correlationid, causationid, data } = event;
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
