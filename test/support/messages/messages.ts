import { newId } from '#kernel/ids.js';
import type { Command, Envelope } from '#messaging/envelope.js';

/** A command as a consumer receives it. */
export function command<Data>(data: Data, id = newId()): Command<Data> {
  return { id, type: 'test', traceparent: undefined, correlationId: newId(), data };
}

/** An event as a consumer receives it. */
export function envelope<Data>(data: Data, id = newId()): Envelope<Data> {
  return {
    id,
    source: 'test',
    type: 'test',
    subject: id,
    time: Temporal.Instant.from('2026-03-02T09:00:00Z'),
    traceparent: undefined,
    correlationId: newId(),
    causationId: undefined,
    data,
  };
}
