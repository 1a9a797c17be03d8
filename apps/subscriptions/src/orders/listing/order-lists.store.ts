import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { emailKey } from '#contracts/subscriptions/email.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { type ListOrder, mapPage, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { ClassEntity } from '../../classes/class.entity.js';
import { PersonEntity } from '../../persons/person.entity.js';
import type { Order } from '../domain/order.js';
import type { Wait } from '../domain/order-wait.js';
import { OrderEntity } from '../order.entity.js';
import { orderOf } from '../order-row.js';
import type { OrderFilter, OrderSearch, OrderSort } from './order-filter.js';

/** An order with the names that people call its class and its person by. */
export interface NamedOrder {
  readonly order: Order;
  readonly classTitle: string;
  readonly personName: string;
}

/** How many orders wait for something, up to a largest number. */
export interface QueueLength {
  readonly waitsFor: Wait['for'];
  readonly orders: number;
  readonly more: boolean;
}

/** An index serves each order. */
const sorts: Readonly<Record<OrderSort, ListOrder>> = {
  newest: { by: ['orders.openedAt', 'orders.id'], direction: 'desc' },
  oldest: { by: ['orders.openedAt', 'orders.id'], direction: 'asc' },
  due: { by: ['orders.expiresAt', 'orders.id'], direction: 'asc' },
};

/** These texts stand in the statements, so that the planner can use the partial indexes. */
const waits: Readonly<Record<Wait['for'], ReturnType<typeof sql<boolean>>>> = {
  payment: sql<boolean>`orders.state = 'opened'`,
  approval: sql<boolean>`orders.state = 'confirmed'`,
  settlement: sql<boolean>`orders.state = 'closed' and orders.settled_at is null and orders.amount_minor > 0`,
};

/** Orders as people look them up. */
@Injectable()
export class OrderListsStore {
  constructor(private readonly transactions: Transactions) {}

  /** The orders among `ids` that exist, by id. */
  async named(ids: Iterable<string>): Promise<ReadonlyMap<string, NamedOrder>> {
    const rows = await this.withNames(this.orders().where('orders.id', '=', anyOf(ids))).execute();
    return new Map(rows.map((row) => [row.id, namedOf(row)]));
  }

  /** The orders that match. `due` is for orders that wait for their payment. */
  async list(filter: OrderFilter, sort: OrderSort, paging: Paging): Promise<Page<NamedOrder>> {
    const matching = this.matching(filter);
    const page = await pageOf({ matching, selected: this.withNames(matching), order: sorts[sort] }, paging);
    return mapPage(page, namedOf);
  }

  /** The lengths of the queues, each counted up to `most` orders. */
  async queues(most: number): Promise<QueueLength[]> {
    const counted = Object.entries(waits).map(([waitsFor, condition]) => {
      const waiting = this.orders()
        .select('orders.id')
        .where(condition)
        .limit(most + 1);
      const queries = this.transactions.kysely(OrderEntity);
      return queries
        .selectFrom(waiting.as('waiting'))
        .select(({ fn }) => [
          sql<Wait['for']>`${sql.lit(waitsFor)}`.as('waitsFor'),
          fn.countAll<number>().as('orders'),
        ]);
    });
    const [first, ...others] = counted;
    const rows = (await first?.unionAll(others).execute()) ?? [];
    return rows.map(({ waitsFor, orders }) => ({ waitsFor, orders: Math.min(orders, most), more: orders > most }));
  }

  private matching(filter: OrderFilter) {
    const { visibleTo, personId, classId, state, waitsFor, search, openedFrom, openedTo } = filter;
    let matching = this.orders();
    if (visibleTo !== null) matching = matching.where('orders.personId', '=', visibleTo);
    if (personId !== undefined) matching = matching.where('orders.personId', '=', personId);
    if (classId !== undefined) matching = matching.where('orders.classId', '=', classId);
    if (state !== undefined) matching = matching.where('orders.state', '=', state);
    if (waitsFor !== undefined) matching = matching.where(waits[waitsFor]);
    if (search !== undefined) matching = matching.where(isFoundBy(search));
    if (openedFrom !== undefined) matching = matching.where('orders.openedAt', '>=', openedFrom);
    if (openedTo !== undefined) matching = matching.where('orders.openedAt', '<', openedTo);
    return matching;
  }

  private orders() {
    return this.transactions.kysely(OrderEntity, ClassEntity, PersonEntity).selectFrom('orders');
  }

  private withNames(matching: ReturnType<OrderListsStore['orders']>) {
    return matching
      .innerJoin('classes', 'classes.id', 'orders.classId')
      .innerJoin('persons', 'persons.id', 'orders.personId')
      .selectAll('orders')
      .select(['classes.title as classTitle', 'persons.name as personName']);
  }
}

/** Each kind of search is looked up in its index. */
function isFoundBy({ text, ids, paid }: OrderSearch) {
  const [first, last] = ids ?? [null, null];
  return sql<boolean>`orders.id in (
    select id from orders where id between ${first}::uuid and ${last}::uuid
    union all
    select id from orders where id = ${anyOf(paid)}
    union all
    select orders.id from persons join orders on orders.person_id = persons.id
    where lower(persons.username) collate "C" = lower(${text})
    union all
    select orders.id from persons join orders on orders.person_id = persons.id
    where persons.email_key = ${emailKey(text)}
  )`;
}

type NamedRow = Parameters<typeof orderOf>[0] & { readonly classTitle: string; readonly personName: string };

function namedOf({ classTitle, personName, ...row }: NamedRow): NamedOrder {
  return { order: orderOf(row), classTitle, personName };
}
