import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { FactContract } from '#contracts/contract.js';
import { assert } from '#kernel/assert.js';
import { currentTrace, newTrace } from '#observability/trace.js';
import { textArray } from '#persistence/array-parameter.js';
import type { Tx } from '#persistence/transaction.js';
import type { Cause } from './envelope.js';
import { MessagingOptions } from './messaging.options.js';

/** A fact that has not been told yet. */
export interface NewFact {
  readonly contract: FactContract;
  readonly subject: string;
  readonly data: unknown;
  readonly traceparent: string;
  readonly correlationId: string;
  readonly causationId: string | null;
}

/**
 * Makes a fact for `outbox.add`. Its correlation and causation come from `cause`, the message that led to it: in a
 * batch each fact must name its own. Without a cause they come from the trace that is running (an HTTP request, a job).
 * @throws ZodError when the data does not have the shape of the contract: a bug of ours, and it stops here, before
 * anything commits.
 */
export function fact<Data extends z.ZodType>(
  contract: FactContract<Data>,
  { subject, data, cause }: { subject: string; data: z.input<Data>; cause?: Cause },
): NewFact {
  const trace = cause ? undefined : (currentTrace() ?? newTrace());
  return {
    contract,
    subject,
    data: contract.data.parse(data),
    traceparent: cause ? (cause.traceparent ?? newTrace().traceparent) : trace!.traceparent,
    correlationId: cause?.correlationId ?? trace!.correlationId,
    causationId: cause?.id ?? null,
  };
}

/**
 * Where facts are written, in the transaction of the effect they tell of: both commit or neither does. If the process
 * dies the moment after, the relay finds the row. Add facts last, after the transaction's locks are taken, so that
 * the facts of one subject are told in the order of their commits.
 */
@Injectable()
export class Outbox {
  constructor(private readonly options: MessagingOptions) {}

  /** One statement, however many there are. */
  async add(tx: Tx, facts: readonly NewFact[]): Promise<void> {
    if (facts.length === 0) return;
    for (const { contract } of facts) {
      assert(contract.producer === this.options.service, `${contract.type} is told by ${contract.producer} alone`);
    }
    await tx.query(
      `insert into outbox (type, subject, data, traceparent, correlation_id, causation_id)
       select type, subject, data::json, traceparent, correlation_id, causation_id
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) with ordinality
         as new (type, subject, data, traceparent, correlation_id, causation_id, position)
       order by position`,
      [
        textArray(facts.map(({ contract }) => contract.type)),
        textArray(facts.map(({ subject }) => subject)),
        textArray(facts.map(({ data }) => JSON.stringify(data))),
        textArray(facts.map(({ traceparent }) => traceparent)),
        textArray(facts.map(({ correlationId }) => correlationId)),
        textArray(facts.map(({ causationId }) => causationId)),
      ],
    );
  }
}
