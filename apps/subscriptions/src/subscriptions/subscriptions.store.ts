import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { jsonRecords } from '#persistence/entities/json-records.js';
import { Transactions, type Tx, type Typed } from '#persistence/transaction.js';
import type { Enrolment } from '../enrolments/domain/enrolment.js';
import type { Subscription } from './domain/subscription.js';
import { SubscriptionEntity } from './subscription.entity.js';

/** A subscription that is due, as it was when the sweep saw it. */
export type DueSubscription = Pick<Subscription, 'id' | 'version'>;

/** Subscriptions in sets. A transaction that locks orders, too, locks the orders first, and classes after both. */
@Injectable()
export class SubscriptionsStore {
  constructor(private readonly transactions: Transactions) {}

  /** Adds enrolments and the subscriptions that begin with them by one statement. */
  async begin(tx: Tx, enrolments: readonly Enrolment[], begun: readonly Subscription[]): Promise<void> {
    if (enrolments.length === 0) return;
    await tx.query(
      `with begun as (
         insert into subscriptions select * from json_populate_recordset(null::subscriptions, $2::json)
       )
       insert into enrolments select * from json_populate_recordset(null::enrolments, $1::json)`,
      [jsonRecords(enrolments), jsonRecords(begun)],
    );
  }

  /** Locks the subscriptions among `ids` in the order of ids. */
  async lock(tx: Tx, ids: Iterable<string>): Promise<Map<string, Subscription>> {
    return byId(await withIds(tx, ids).selectAll().orderBy('id').forUpdate().execute());
  }

  /** Subscriptions with something to do by `now`, the longest overdue first, without a lock. */
  due(tx: Tx, now: Temporal.Instant, limit: number): Promise<DueSubscription[]> {
    return subscriptions(tx)
      .select(['id', 'version'])
      .where('dueAt', '<=', now)
      .orderBy('dueAt')
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** Locks those that nobody has changed or locked since `due`. */
  async claim(tx: Tx, due: readonly DueSubscription[]): Promise<Subscription[]> {
    const seen = new Map(due.map(({ id, version }) => [id, version]));
    const rows = await withIds(tx, seen.keys()).selectAll().orderBy('id').forUpdate().skipLocked().execute();
    return rows.filter(({ id, version }) => seen.get(id) === version);
  }

  /** Stores subscriptions that were locked, each with its next version. */
  async save(tx: Tx, changed: readonly Subscription[]): Promise<void> {
    if (changed.length === 0) return;
    const saved = await tx.query(
      `update subscriptions
       set state = changed.state, version = subscriptions.version + 1, next_period = changed.next_period,
           next_at = changed.next_at, due_at = changed.due_at, paid_through = changed.paid_through,
           suspended_at = changed.suspended_at, ended_at = changed.ended_at, end_reason = changed.end_reason
       from json_populate_recordset(null::subscriptions, $1::json) as changed
       where subscriptions.id = any ($2::uuid[]) and subscriptions.id = changed.id
       returning subscriptions.id`,
      [jsonRecords(changed), changed.map(({ id }) => id)],
    );
    assert(saved.length === changed.length, 'a locked subscription is there to be saved');
  }

  /** The subscriptions among `ids` that exist, by id. */
  async find(ids: readonly string[]): Promise<ReadonlyMap<string, Subscription>> {
    return byId(await withIds(this.transactions, ids).selectAll().execute());
  }
}

function subscriptions(source: Typed) {
  return source.kysely(SubscriptionEntity).selectFrom('subscriptions');
}

function withIds(source: Typed, ids: Iterable<string>) {
  return subscriptions(source).where('id', '=', anyOf(ids));
}

function byId(rows: readonly Subscription[]): Map<string, Subscription> {
  return new Map(rows.map((row) => [row.id, row]));
}
