import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { offsetOf, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { ParameterValues, TraceStep } from '../rules/domain/methods/method.js';
import type { Order, OrderState } from './domain/order.js';

/** One row of the table; a check constraint there ties the instants to the state. */
interface Row {
  id: string;
  person_id: string;
  class_id: string;
  state: OrderState;
  rule_id: string;
  rule_version: number;
  parameters: ParameterValues;
  trace: readonly TraceStep[];
  discounts: readonly { code: string; discount_minor: number; explanation: string }[];
  amount_minor: number;
  currency: string;
  start_date: Temporal.PlainDate;
  end_date: Temporal.PlainDate | null;
  approval_required: boolean;
  opened_at: Temporal.Instant;
  expires_at: Temporal.Instant | null;
  transfer_id: string | null;
  confirmed_at: Temporal.Instant | null;
  closed_at: Temporal.Instant | null;
  settled_at: Temporal.Instant | null;
  ended_at: Temporal.Instant | null;
  end_reason: string | null;
}

export interface PersonAndClass {
  readonly personId: string;
  readonly classId: string;
}

/** Which orders to list; what is not named does not matter. */
export interface OrderFilter {
  /** The member who asks, or null for somebody who sees all. */
  readonly visibleTo: string | null;
  readonly personId?: string | undefined;
  readonly classId?: string | undefined;
  readonly state?: OrderState | undefined;
}

/** Orders in sets: whatever their number, each method is one statement (two for a list). */
@Injectable()
export class OrdersStore {
  constructor(private readonly transactions: Transactions) {}

  async add(tx: Tx, orders: readonly Order[]): Promise<void> {
    if (orders.length === 0) return;
    // One JSON document instead of an array per column: the table alone says what the columns are.
    await tx.query(`insert into orders select * from json_populate_recordset(null::orders, $1::json)`, [
      JSON.stringify(orders.map(rowOf)),
    ]);
  }

  /** Those of `ids` that exist, locked in the order of ids until the end of the transaction. */
  async lock(tx: Tx, ids: Iterable<string>): Promise<Map<string, Order>> {
    const rows = await tx.query<Row>(`select * from orders where id = any ($1::uuid[]) order by id for update`, [
      [...new Set(ids)],
    ]);
    return new Map(rows.map((row) => [row.id, orderOf(row)]));
  }

  /** Writes what became of orders that `lock` gave. What was agreed at their opening is never written again. */
  async save(tx: Tx, orders: readonly Order[]): Promise<void> {
    if (orders.length === 0) return;
    // By a list of ids it goes through the index, however small the table was when this was planned.
    const saved = await tx.query(
      `update orders
       set state = moved.state, transfer_id = moved.transfer_id, confirmed_at = moved.confirmed_at,
           closed_at = moved.closed_at, settled_at = moved.settled_at, ended_at = moved.ended_at,
           end_reason = moved.end_reason
       from json_to_recordset($1::json) as moved (id uuid, state text, transfer_id uuid, confirmed_at timestamptz,
         closed_at timestamptz, settled_at timestamptz, ended_at timestamptz, end_reason text)
       where orders.id = any ($2::uuid[]) and orders.id = moved.id
       returning orders.id`,
      [JSON.stringify(orders.map(movedRowOf)), orders.map(({ id }) => id)],
    );
    assert(saved.length === orders.length, 'a locked order is there to be saved');
  }

  /** Which of these persons have an order of that class that is neither closed nor ended. */
  async stillOpen(tx: Tx, pairs: readonly PersonAndClass[]): Promise<PersonAndClass[]> {
    // `offset 0` makes it a look-up for each pair, however few open orders the planner believes that there are.
    const rows = await tx.query<Pick<Row, 'person_id' | 'class_id'>>(
      `select person_id, class_id from unnest($1::uuid[], $2::uuid[]) as wanted (person_id, class_id)
       cross join lateral (
         select from orders where orders.person_id = wanted.person_id and orders.class_id = wanted.class_id
           and state in ('opened', 'confirmed') offset 0
       ) as open`,
      [pairs.map(({ personId }) => personId), pairs.map(({ classId }) => classId)],
    );
    return rows.map(({ person_id: personId, class_id: classId }) => ({ personId, classId }));
  }

  /** Those of `ids` that exist. */
  async existing(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<Pick<Row, 'id'>>(`select id from orders where id = any ($1::uuid[])`, [ids]);
    return new Set(rows.map(({ id }) => id));
  }

  async find(ids: readonly string[]): Promise<ReadonlyMap<string, Order>> {
    const rows = await this.transactions.query<Row>(`select * from orders where id = any ($1::uuid[])`, [ids]);
    return new Map(rows.map((row) => [row.id, orderOf(row)]));
  }

  /** Orders that should have expired by `now`, the longest overdue first. */
  async overdue(now: Temporal.Instant, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `select id from orders where state = 'opened' and expires_at <= $1 order by expires_at limit $2`,
      [now, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Opened orders whose time is over after `now` and by `until`, the first to fall due first. */
  async fallingDue(
    now: Temporal.Instant,
    until: Temporal.Instant,
    limit: number,
  ): Promise<{ id: string; expiresAt: Temporal.Instant }[]> {
    const rows = await this.transactions.query<{ id: string; expires_at: Temporal.Instant }>(
      `select id, expires_at from orders where state = 'opened' and expires_at > $1 and expires_at <= $2
       order by expires_at limit $3`,
      [now, until, limit],
    );
    return rows.map(({ id, expires_at: expiresAt }) => ({ id, expiresAt }));
  }

  /** Newest first: the ids grow with time. */
  async list({ visibleTo, personId, classId, state }: OrderFilter, paging: Paging): Promise<Page<Order>> {
    // Each condition that is not asked for is true before planning; what is left is served by an index.
    const matching = `from orders
      where ($1::uuid is null or person_id = $1) and ($2::uuid is null or person_id = $2)
        and ($3::uuid is null or class_id = $3) and ($4::text is null or state = $4)`;
    const filter = [visibleTo, personId ?? null, classId ?? null, state ?? null];
    const [[counted], rows] = await Promise.all([
      this.transactions.query<{ total: number }>(`select count(*) as total ${matching}`, filter),
      this.transactions.query<Row>(`select * ${matching} order by id desc limit $5 offset $6`, [
        ...filter,
        paging.limit,
        offsetOf(paging),
      ]),
    ]);
    return pageOf(rows.map(orderOf), counted, paging);
  }
}

function movedRowOf(order: Order) {
  const { confirmedAt, transferId } = confirmationOf(order);
  return {
    id: order.id,
    state: order.state,
    transfer_id: transferId,
    confirmed_at: confirmedAt,
    closed_at: order.state === 'closed' ? order.closedAt : null,
    settled_at: order.state === 'closed' ? order.settledAt : null,
    ended_at: 'endedAt' in order ? order.endedAt : null,
    end_reason: 'endReason' in order ? order.endReason : null,
  };
}

function confirmationOf(order: Order) {
  if (order.state === 'confirmed' || order.state === 'closed') return order;
  const confirmation = order.state === 'cancelled' ? order.confirmation : null;
  return confirmation ?? { confirmedAt: null, transferId: null };
}

function rowOf(order: Order): Row {
  return {
    ...movedRowOf(order),
    person_id: order.personId,
    class_id: order.classId,
    rule_id: order.ruleId,
    rule_version: order.ruleVersion,
    parameters: order.parameters,
    trace: order.trace,
    discounts: order.discounts.map(({ code, discountMinor, explanation }) => {
      return { code, discount_minor: discountMinor, explanation };
    }),
    amount_minor: order.amountMinor,
    currency: order.currency,
    start_date: order.startDate,
    end_date: order.endDate,
    approval_required: order.approvalRequired,
    opened_at: order.openedAt,
    expires_at: order.expiresAt,
  };
}

function orderOf(row: Row): Order {
  const terms = {
    id: row.id,
    personId: row.person_id,
    classId: row.class_id,
    ruleId: row.rule_id,
    ruleVersion: row.rule_version,
    parameters: row.parameters,
    trace: row.trace,
    discounts: row.discounts.map(({ code, discount_minor: discountMinor, explanation }) => {
      return { code, discountMinor, explanation };
    }),
    amountMinor: row.amount_minor,
    currency: row.currency,
    startDate: row.start_date,
    endDate: row.end_date,
    approvalRequired: row.approval_required,
    openedAt: row.opened_at,
    expiresAt: row.expires_at,
  };
  const { confirmed_at: confirmedAt, transfer_id: transferId } = row;
  switch (row.state) {
    case 'opened':
      return { ...terms, state: 'opened' };
    case 'confirmed':
      return { ...terms, state: 'confirmed', confirmedAt: there(confirmedAt), transferId };
    case 'closed':
      return {
        ...terms,
        state: 'closed',
        confirmedAt: there(confirmedAt),
        transferId,
        closedAt: there(row.closed_at),
        settledAt: row.settled_at,
      };
    case 'cancelled':
      return {
        ...terms,
        state: 'cancelled',
        confirmation: confirmedAt && { confirmedAt, transferId },
        endedAt: there(row.ended_at),
        endReason: there(row.end_reason),
      };
    case 'expired':
      return { ...terms, state: 'expired', endedAt: there(row.ended_at), endReason: there(row.end_reason) };
  }
}

/** The table's check constraint has seen to it. */
function there<Value>(value: Value | null): Value {
  assert(value !== null, 'an order has what its state promises');
  return value;
}
