import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { assert } from '#kernel/assert.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { jsonRecords } from '#persistence/entities/json-records.js';
import { Transactions, type Tx, type Typed } from '#persistence/transaction.js';
import { ClassEntity } from '../classes/class.entity.js';
import { type CommitmentRow, commitmentsOf } from './commitment-row.js';
import type { OpenedOrder, Order } from './domain/order.js';
import type { Commitments } from './domain/person-commitments.js';
import { OrderEntity } from './order.entity.js';
import { orderOf, rowOf, stateColumnsOf } from './order-row.js';

export interface PersonAndClass {
  readonly personId: string;
  readonly classId: string;
}

/** Orders in sets: each method runs one statement for any number of orders. */
@Injectable()
export class OrdersStore {
  constructor(private readonly transactions: Transactions) {}

  async add(tx: Tx, orders: readonly Order[]): Promise<void> {
    if (orders.length === 0) return;
    await tx.query(`insert into orders select * from json_populate_recordset(null::orders, $1::json)`, [
      jsonRecords(orders.map(rowOf)),
    ]);
  }

  /** Locks the orders among `ids` that exist, in the order of ids, until the end of the transaction. */
  async lock(tx: Tx, ids: Iterable<string>): Promise<Map<string, Order>> {
    const rows = await withIds(tx, ids).selectAll().orderBy('id').forUpdate().execute();
    return new Map(rows.map((row) => [row.id, orderOf(row)]));
  }

  /** Locks the open orders of later periods of these subscriptions, in the order of ids. */
  async lockRenewals(tx: Tx, subscriptionIds: Iterable<string>): Promise<OpenedOrder[]> {
    return (await renewals(tx, subscriptionIds).orderBy('id').forUpdate().execute()).map(openedOrderOf);
  }

  /** The open orders of later periods of these subscriptions. */
  async renewals(tx: Tx, subscriptionIds: Iterable<string>): Promise<OpenedOrder[]> {
    return (await renewals(tx, subscriptionIds).execute()).map(openedOrderOf);
  }

  /** Stores the state of orders that `lock` returned. The terms of an order are never written again. */
  async save(tx: Tx, orders: readonly Order[]): Promise<void> {
    if (orders.length === 0) return;
    // The list of ids makes the planner use the index, even when it planned this statement for a small table.
    const saved = await tx.query(
      `update orders
       set state = moved.state, transfer_id = moved.transfer_id, confirmed_at = moved.confirmed_at,
           closed_at = moved.closed_at, settled_at = moved.settled_at, ended_at = moved.ended_at,
           end_reason = moved.end_reason
       from json_populate_recordset(null::orders, $1::json) as moved
       where orders.id = any ($2::uuid[]) and orders.id = moved.id
       returning orders.id`,
      [jsonRecords(orders.map((order) => ({ id: order.id, ...stateColumnsOf(order) }))), orders.map(({ id }) => id)],
    );
    assert(saved.length === orders.length, 'a locked order is there to be saved');
  }

  /**
   * The open first orders, the enrolments and the subscriptions with periods of these pairs of person and class, and
   * the unpaid first orders of these persons. A subscription with periods counts as an enrolment without an end.
   */
  async commitments(tx: Tx, pairs: readonly PersonAndClass[]): Promise<Commitments> {
    // `offset 0` makes the planner look up each pair, however few rows it estimates.
    const rows = await tx.query<CommitmentRow>(
      `with wanted as (
         select distinct person_id, class_id from unnest($1::uuid[], $2::uuid[]) as wanted (person_id, class_id)
       )
       select 'open' as kind, person_id, class_id, id, state, expires_at,
         null::date as start_date, null::date as end_date, null::int as unpaid
       from wanted cross join lateral (
         select id, state, expires_at from orders
         where orders.person_id = wanted.person_id and orders.class_id = wanted.class_id
           and state in ('opened', 'confirmed') and period = 0 offset 0
       ) as open
       union all
       select 'enrolled', person_id, class_id, order_id, null, null, start_date, least(end_date, left_on - 1), null
       from wanted cross join lateral (
         select order_id, start_date, end_date, left_on from enrolments
         where enrolments.person_id = wanted.person_id and enrolments.class_id = wanted.class_id
           and (left_on is null or left_on > start_date) offset 0
       ) as enrolled
       union all
       select 'enrolled', person_id, class_id, id, null, null, anchor, null, null
       from wanted cross join lateral (
         select id, anchor from subscriptions
         where subscriptions.person_id = wanted.person_id and subscriptions.class_id = wanted.class_id
           and anchor is not null and state <> 'ended' offset 0
       ) as subscribed
       union all
       select 'unpaid', person_id, null, null, null, null, null, null, unpaid
       from (select distinct person_id from wanted) as persons cross join lateral (
         select count(*)::int as unpaid from orders
         where orders.person_id = persons.person_id and state in ('opened', 'confirmed') and state = 'opened'
           and period = 0 offset 0
       ) as counted`,
      [pairs.map(({ personId }) => personId), pairs.map(({ classId }) => classId)],
    );
    return commitmentsOf(rows);
  }

  /** The titles of the classes of these orders, by class. */
  async classTitles(tx: Tx, orders: Iterable<Pick<Order, 'classId'>>): Promise<ReadonlyMap<string, string>> {
    const ids = Array.from(orders, ({ classId }) => classId);
    const found = tx.kysely(ClassEntity).selectFrom('classes').select(['id', 'title']).where('id', '=', anyOf(ids));
    return new Map((await found.execute()).map(({ id, title }) => [id, title]));
  }

  /** The ids among `ids` that exist. */
  async existing(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await withIds(tx, ids).select('id').execute();
    return new Set(rows.map(({ id }) => id));
  }

  /** The orders among `ids` that exist, by id. */
  async find(ids: readonly string[], source: Typed = this.transactions): Promise<ReadonlyMap<string, Order>> {
    const rows = await withIds(source, ids).selectAll().execute();
    return new Map(rows.map((row) => [row.id, orderOf(row)]));
  }

  /** Orders that should have expired by `now`, the longest overdue first. */
  async overdue(now: Temporal.Instant, limit: number): Promise<string[]> {
    const rows = await opened(this.transactions).select('id').where('expiresAt', '<=', now).limit(limit).execute();
    return rows.map(({ id }) => id);
  }

  /** Opened orders that fall due after `now` and by `until`, the earliest first. */
  async fallingDue(
    now: Temporal.Instant,
    until: Temporal.Instant,
    limit: number,
  ): Promise<{ id: string; expiresAt: Temporal.Instant }[]> {
    return opened(this.transactions)
      .select('id')
      .select(({ ref }) => ref('expiresAt').$notNull().as('expiresAt'))
      .where('expiresAt', '>', now)
      .where('expiresAt', '<=', until)
      .limit(limit)
      .execute();
  }
}

function orders(source: Typed) {
  return source.kysely(OrderEntity).selectFrom('orders');
}

function renewals(source: Typed, subscriptionIds: Iterable<string>) {
  return orders(source)
    .selectAll()
    .where(sql<boolean>`period > 0`)
    .where('subscriptionId', '=', anyOf(subscriptionIds))
    .where('state', '=', 'opened');
}

function openedOrderOf(row: Parameters<typeof orderOf>[0]): OpenedOrder {
  const order = orderOf(row);
  assert(order.state === 'opened', 'an opened order was selected');
  return order;
}

function withIds(source: Typed, ids: Iterable<string>) {
  return orders(source).where('id', '=', anyOf(ids));
}

/** The state is part of the text, so that the planner can use the partial index of opened orders. */
function opened(source: Typed) {
  return orders(source).where(sql<boolean>`state = 'opened'`).orderBy('expiresAt');
}
