import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { Attempted } from './domain/outcome.js';

/** A delivery that this instance sends. */
export interface Claimed {
  readonly id: string;
  readonly claim: string;
  readonly endpointId: string;
  readonly url: string;
  /** Sealed, the newest first. */
  readonly secrets: readonly string[];
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly occurredAt: Temporal.Instant;
  readonly data: string;
  readonly attempts: number;
  readonly triedSince: Temporal.Instant;
}

/** A claimed delivery with what came of it. */
export interface Tried {
  readonly delivery: Claimed;
  readonly startedAt: Temporal.Instant;
  readonly outcome: Attempted;
}

interface Row {
  id: string;
  endpoint_id: string;
  url: string;
  secrets: string[];
  event_id: string;
  type: string;
  subject: string;
  occurred_at: Temporal.Instant;
  data: string;
  attempts: number;
  tried_since: Temporal.Instant;
}

/** Claims of deliveries, and what came of them. */
@Injectable()
export class ClaimsStore {
  constructor(private readonly transactions: Transactions) {}

  /** Claims up to `most` due deliveries until `leasedUntil`, of one endpoint up to `parallel` at once. */
  async claim(
    { claim, parallel, most }: { claim: string; parallel: number; most: number },
    at: Temporal.Instant,
    leasedUntil: Temporal.Instant,
  ): Promise<Claimed[]> {
    const rows = await this.transactions.query<Row>(`select * from claim_webhook_deliveries($1, $2, $3, $4, $5)`, [
      at,
      leasedUntil,
      claim,
      parallel,
      most,
    ]);
    return rows.map((row) => ({
      id: row.id,
      claim,
      endpointId: row.endpoint_id,
      url: row.url,
      secrets: row.secrets,
      eventId: row.event_id,
      type: row.type,
      subject: row.subject,
      occurredAt: row.occurred_at,
      data: row.data,
      attempts: row.attempts,
      triedSince: row.tried_since,
    }));
  }

  /** Records attempts. @returns the ids of the deliveries that still had their claim. */
  async record(tx: Tx, tried: readonly Tried[], at: Temporal.Instant): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(`select id from record_webhook_attempts($1::json, $2)`, [
      JSON.stringify(tried.map(rowOf)),
      at,
    ]);
    return new Set(rows.map(({ id }) => id));
  }
}

function rowOf({ delivery: { id, claim }, startedAt, outcome }: Tried) {
  return {
    id,
    claim,
    state: outcome.state,
    due_at: outcome.dueAt,
    started_at: startedAt,
    duration_ms: outcome.durationMs,
    status: outcome.status,
    error: outcome.error,
    detail: outcome.detail,
    answer: outcome.answer,
  };
}
