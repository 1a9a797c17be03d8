import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { EventContract } from '#contracts/contract.js';
import { assert } from '#kernel/assert.js';
import { currentTrace, newTrace } from '#observability/trace.js';
import { textArray } from '#persistence/driver/array-parameter.js';
import type { Tx } from '#persistence/transaction.js';
import { formatAuthor } from '../author.js';
import type { Cause } from '../envelope.js';
import { MessagingOptions } from '../messaging.options.js';

/** An event that is to be published. */
export interface NewEvent {
  readonly contract: EventContract;
  readonly subject: string;
  readonly data: unknown;
  readonly traceparent: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** As `formatAuthor` writes it. */
  readonly author: string | null;
}

/** What led to an event: a message, or a request from outside, which has no id of ours. */
export type EventCause = Omit<Cause, 'id'> & Partial<Pick<Cause, 'id'>>;

/**
 * Makes an event for `outbox.add`. Its correlation and causation ids come from `cause`, the message that caused it: in
 * a batch each event names its own. It carries the author of a command that caused it. Without a cause they come from
 * the current trace (an HTTP request, a job).
 * @throws ZodError when the data does not fit the contract: a bug, found before anything commits
 */
export function newEvent<Data extends z.ZodType>(
  contract: EventContract<Data>,
  { subject, data, cause }: { subject: string; data: z.input<Data>; cause?: EventCause },
): NewEvent {
  const trace = cause ? undefined : (currentTrace() ?? newTrace());
  return {
    contract,
    subject,
    data: contract.data.parse(data),
    traceparent: cause ? (cause.traceparent ?? newTrace().traceparent) : trace!.traceparent,
    correlationId: cause?.correlationId ?? trace!.correlationId,
    causationId: cause?.id ?? null,
    author: cause?.author ? formatAuthor(cause.author) : null,
  };
}

/**
 * Stores events in the transaction of their effect: both commit or neither does. If the process dies right after the
 * commit, the relay finds the row. Add events last, after the transaction has taken its locks: then the events of one
 * subject are published in the order of their commits.
 */
@Injectable()
export class Outbox {
  constructor(private readonly options: MessagingOptions) {}

  /** Stores all events by one statement. @throws BrokenInvariant for an event of another service */
  async add(tx: Tx, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    for (const { contract } of events) {
      assert(contract.producer === this.options.service, `${contract.type} is published by ${contract.producer} alone`);
    }
    await tx.query(
      `insert into outbox (type, subject, data, traceparent, correlation_id, causation_id, author)
       select type, subject, data::json, traceparent, correlation_id, causation_id, author
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality
         as new (type, subject, data, traceparent, correlation_id, causation_id, author, position)
       order by position`,
      [
        textArray(events.map(({ contract }) => contract.type)),
        textArray(events.map(({ subject }) => subject)),
        textArray(events.map(({ data }) => JSON.stringify(data))),
        textArray(events.map(({ traceparent }) => traceparent)),
        textArray(events.map(({ correlationId }) => correlationId)),
        textArray(events.map(({ causationId }) => causationId)),
        textArray(events.map(({ author }) => author)),
      ],
    );
  }
}
