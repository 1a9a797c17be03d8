import { Injectable } from '@nestjs/common';
import { offsetOf, type Paging } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';

/** That somebody has dealt with a request, and how. */
export interface Dismissal {
  readonly at: Temporal.Instant;
  readonly by: string;
  readonly note: string;
}

/** By which repeat, that was understood, a request was settled. */
export interface Settlement {
  readonly at: Temporal.Instant;
  /** The id of the repeat. */
  readonly by: string;
  readonly verdict: 'applied' | 'duplicate' | 'quarantined';
}

/** A request that is quarantined, or was, with what became of it. */
export interface QuarantinedRequest {
  readonly id: string;
  readonly provider: string;
  readonly eventId: string | null;
  readonly reason: string;
  /** The names and values that are kept, as JSON. */
  readonly headers: string;
  readonly body: Buffer;
  readonly receivedAt: Temporal.Instant;
  readonly dismissal: Dismissal | null;
  readonly settlement: Settlement | null;
}

/** A payment as its provider knows it. */
export interface PaymentName {
  readonly provider: string;
  readonly reference: string;
}

interface Row {
  id: string;
  provider: string;
  event_id: string | null;
  reason: string;
  headers: string;
  body: Buffer;
  received_at: Temporal.Instant;
  dismissed_at: Temporal.Instant | null;
  dismissed_by: string;
  dismissal_note: string;
  settled_by: string;
  settled_at: Temporal.Instant | null;
  settled_verdict: Settlement['verdict'];
}

/** The conditions of the partial indexes that these requests are found by, word for word, so that they serve. */
const which = {
  open: `verdict = 'quarantined' and dismissed_at is null`,
  dismissed: 'dismissed_at is not null',
  // What was stored without a reason was never quarantined.
  settled: 'settled_by is not null and reason is not null',
} as const;

/** Requests that were authentic and not applied, and what became of them. */
@Injectable()
export class QuarantinedStore {
  constructor(private readonly transactions: Transactions) {}

  /** Newest first: their ids follow the order in which they came. */
  async page(state: keyof typeof which, paging: Paging): Promise<QuarantinedRequest[]> {
    const rows = await this.transactions.query<Row>(
      `select w.id, w.provider, w.event_id, w.reason, w.headers, w.body, w.received_at,
         w.dismissed_at, w.dismissed_by, w.dismissal_note,
         w.settled_by, r.received_at as settled_at, r.verdict as settled_verdict
       from (select * from webhook_request where ${which[state]} order by id desc limit $1 offset $2) w
       left join webhook_request r on r.id = w.settled_by
       order by w.id desc`,
      [paging.limit, offsetOf(paging)],
    );
    return rows.map((row) => ({
      id: row.id,
      provider: row.provider,
      eventId: row.event_id,
      reason: row.reason,
      headers: row.headers,
      body: row.body,
      receivedAt: row.received_at,
      dismissal: row.dismissed_at && { at: row.dismissed_at, by: row.dismissed_by, note: row.dismissal_note },
      settlement: row.settled_at && { at: row.settled_at, by: row.settled_by, verdict: row.settled_verdict },
    }));
  }

  async count(state: keyof typeof which): Promise<number> {
    const [counted] = await this.transactions.query<{ total: number }>(
      `select count(*) as total from webhook_request where ${which[state]}`,
    );
    return counted?.total ?? 0;
  }

  /** How many are open, and since when the oldest is. */
  async backlog(): Promise<{ open: number; oldest: Temporal.Instant | null }> {
    const [row] = await this.transactions.query<{ open: number; oldest: Temporal.Instant | null }>(
      `select (select count(*) from webhook_request where ${which.open}) as open,
         (select received_at from webhook_request where ${which.open} order by id limit 1) as oldest`,
    );
    return row ?? { open: 0, oldest: null };
  }

  /** The ids of those of these payments that we have, in their order. */
  async payments(names: readonly (PaymentName | null)[]): Promise<(string | null)[]> {
    const rows = await this.transactions.query<{ id: string | null }>(
      `select p.id from unnest($1::text[], $2::text[]) with ordinality n (provider, reference, position)
       left join payment p on p.provider = n.provider and p.reference = n.reference
       order by n.position`,
      [names.map((name) => name?.provider ?? null), names.map((name) => name?.reference ?? null)],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Keeps a dismissal of each of these that is open; those that were dismissed before keep theirs. Under the
   * ledger's lock.
   */
  async dismiss(tx: Tx, dismissals: ReadonlyMap<string, Omit<Dismissal, 'at'>>, at: Temporal.Instant): Promise<void> {
    const ids = [...dismissals.keys()];
    await tx.query(
      `update webhook_request w set dismissed_at = $4, dismissed_by = d.dismissed_by, dismissal_note = d.note
       from unnest($1::uuid[], $2::text[], $3::text[]) d (id, dismissed_by, note)
       where w.id = any ($1::uuid[]) and ${which.open} and w.id = d.id`,
      [ids, ids.map((id) => dismissals.get(id)?.by), ids.map((id) => dismissals.get(id)?.note), at],
    );
  }

  /** By the id of the request. */
  async dismissals(tx: Tx, ids: readonly string[]): Promise<Map<string, Dismissal>> {
    const rows = await tx.query<
      Pick<Row, 'id' | 'dismissed_by' | 'dismissal_note'> & { dismissed_at: Temporal.Instant }
    >(
      `select id, dismissed_at, dismissed_by, dismissal_note from webhook_request
       where id = any ($1::uuid[]) and dismissed_at is not null`,
      [ids],
    );
    return new Map(
      rows.map((row) => [row.id, { at: row.dismissed_at, by: row.dismissed_by, note: row.dismissal_note }]),
    );
  }
}
