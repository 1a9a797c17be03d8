import { Injectable } from '@nestjs/common';
import { type Page, type Paging, pageOf } from '#persistence/paging.js';
import { type Sql, Transactions, type Tx } from '#persistence/transaction.js';
import { AttemptEntity, DeliveryEntity } from './delivery.entity.js';
import type { AttemptError, Delivery, DeliveryState } from './domain/delivery.js';

/** An event as it is stored. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly occurredAt: Temporal.Instant;
  readonly data: unknown;
}

/** One attempt of a delivery. */
export interface Attempt {
  readonly number: number;
  readonly at: Temporal.Instant;
  readonly durationMs: number;
  readonly status: number | null;
  readonly error: AttemptError | null;
  readonly detail: string | null;
  readonly answer: string | null;
}

export interface DeliveryFilter {
  readonly endpointId: string;
  readonly state?: DeliveryState | undefined;
  readonly eventType?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: Temporal.Instant | undefined;
  readonly to?: Temporal.Instant | undefined;
}

/** The newest attempts of a delivery that are shown. */
const attemptsShown = 50;

/** Events, and one delivery of each to each of its endpoints. */
@Injectable()
export class DeliveriesStore {
  constructor(private readonly transactions: Transactions) {}

  /** Those of these types that some endpoint gets. */
  async wantedTypes(types: readonly string[]): Promise<Set<string>> {
    const rows = await this.transactions.query<{ type: string }>(
      `select distinct type from webhook_endpoint, unnest(event_types) as type
       where status <> 'archived' and event_types && $1::text[] and type = any ($1::text[])`,
      [types],
    );
    return new Set(rows.map(({ type }) => type));
  }

  /** Stores events with their deliveries. @returns how many deliveries were made */
  async record(
    events: readonly StoredEvent[],
    at: Temporal.Instant,
    settledAt: Temporal.Instant,
    on: Sql = this.transactions,
  ): Promise<number> {
    const [row] = await on.query<{ made: number }>(`select record_webhook_events($1::json, $2, $3) as made`, [
      JSON.stringify(events.map(({ occurredAt, ...event }) => ({ ...event, occurred_at: occurredAt }))),
      at,
      settledAt,
    ]);
    return row?.made ?? 0;
  }

  /** Stores an event for one endpoint, of any type. */
  async addSingle(
    tx: Tx,
    { id, type, subject, occurredAt, data }: StoredEvent,
    endpointId: string,
    at: Temporal.Instant,
  ): Promise<Delivery> {
    await tx.query(
      `insert into webhook_event (id, type, subject, occurred_at, data, recipients, received_at)
       values ($1, $2, $3, $4, $5::json, 1, $6)`,
      [id, type, subject, occurredAt, JSON.stringify(data), at],
    );
    const made = { eventId: id, endpointId, type, subject, occurredAt, dueAt: at, triedSince: at, createdAt: at };
    return tx
      .kysely(DeliveryEntity)
      .insertInto('webhook_delivery')
      .values(made)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** The newest first. */
  list({ endpointId, state, eventType, subject, from, to }: DeliveryFilter, paging: Paging): Promise<Page<Delivery>> {
    let matching = this.transactions
      .kysely(DeliveryEntity)
      .selectFrom('webhook_delivery')
      .where('endpointId', '=', endpointId);
    if (state !== undefined) matching = matching.where('state', '=', state);
    if (eventType !== undefined) matching = matching.where('type', '=', eventType);
    if (subject !== undefined) matching = matching.where('subject', '=', subject);
    if (from !== undefined) matching = matching.where('createdAt', '>=', from);
    if (to !== undefined) matching = matching.where('createdAt', '<', to);
    return pageOf({ matching, selected: matching.selectAll(), order: { by: ['id'], direction: 'desc' } }, paging);
  }

  one(endpointId: string, id: string): Promise<Delivery | undefined> {
    return this.transactions
      .kysely(DeliveryEntity)
      .selectFrom('webhook_delivery')
      .selectAll()
      .where('id', '=', id)
      .where('endpointId', '=', endpointId)
      .executeTakeFirst();
  }

  /** As `one`, with the row locked until the transaction ends. */
  lock(tx: Tx, endpointId: string, id: string): Promise<Delivery | undefined> {
    return tx
      .kysely(DeliveryEntity)
      .selectFrom('webhook_delivery')
      .selectAll()
      .where('id', '=', id)
      .where('endpointId', '=', endpointId)
      .forUpdate()
      .executeTakeFirst();
  }

  /** The data of an event, as JSON text. */
  async dataOf(eventId: string): Promise<string | undefined> {
    const [row] = await this.transactions.query<{ data: string }>(
      `select data::text as data from webhook_event where id = $1`,
      [eventId],
    );
    return row?.data;
  }

  /** The newest attempts of a delivery, newest first. */
  attempts(deliveryId: string): Promise<Attempt[]> {
    return this.transactions
      .kysely(AttemptEntity)
      .selectFrom('webhook_attempt')
      .selectAll()
      .where('deliveryId', '=', deliveryId)
      .orderBy('number', 'desc')
      .limit(attemptsShown)
      .execute();
  }

  /** A locked delivery is due again, for three days. */
  replay(tx: Tx, id: string, at: Temporal.Instant): Promise<Delivery> {
    return tx
      .kysely(DeliveryEntity)
      .updateTable('webhook_delivery')
      .set(({ eb }) => ({
        state: 'pending',
        dueAt: at,
        triedSince: at,
        claim: null,
        deliveredAt: null,
        replays: eb('replays', '+', 1),
      }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** Makes the waiting deliveries of an endpoint due, for three days from now. */
  async restart(tx: Tx, endpointId: string, at: Temporal.Instant): Promise<void> {
    await tx
      .kysely(DeliveryEntity)
      .updateTable('webhook_delivery')
      .set({ dueAt: at, triedSince: at })
      .where('endpointId', '=', endpointId)
      .where('state', '=', 'pending')
      .where('claim', 'is', null)
      .execute();
  }

  /** Cancels what waits for an endpoint. */
  async cancel(tx: Tx, endpointId: string): Promise<void> {
    await tx
      .kysely(DeliveryEntity)
      .updateTable('webhook_delivery')
      .set({ state: 'cancelled', claim: null })
      .where('endpointId', '=', endpointId)
      .where('state', '=', 'pending')
      .execute();
  }
}
