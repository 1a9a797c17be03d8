import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type ListOrder, mapPage, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { ClassEntity } from '../classes/class.entity.js';
import type { Order } from '../orders/domain/order.js';
import { OrderEntity } from '../orders/order.entity.js';
import { orderOf } from '../orders/order-row.js';
import { PersonEntity } from '../persons/person.entity.js';
import type { Subscription, SubscriptionState } from '../subscriptions/domain/subscription.js';
import { SubscriptionEntity } from '../subscriptions/subscription.entity.js';
import type { NamedSubscription } from './subscription-view.js';

/** The conditions of a list of subscriptions; an absent one selects everything. */
export interface SubscriptionFilter {
  /** The member who may see the subscriptions, or null for everybody's. */
  readonly visibleTo: string | null;
  readonly personId?: string | undefined;
  readonly classId?: string | undefined;
  readonly state?: SubscriptionState | undefined;
  readonly dueBefore?: Temporal.Instant | undefined;
}

/** An index serves each order. */
const sorts: Readonly<Record<'newest' | 'due', ListOrder>> = {
  newest: { by: ['subscriptions.id'], direction: 'desc' },
  due: { by: ['subscriptions.dueAt', 'subscriptions.id'], direction: 'asc' },
};

/** Periods that a page shows. */
const periodsMax = 200;

/** Subscriptions as people look them up. */
@Injectable()
export class SubscriptionListsStore {
  constructor(private readonly transactions: Transactions) {}

  /** The subscription with this id, if there is one. */
  async named(id: string): Promise<NamedSubscription | undefined> {
    const row = await this.withNames(this.subscriptions().where('subscriptions.id', '=', id)).executeTakeFirst();
    return row && namedOf(row);
  }

  /** The subscriptions that match. `due` lists only those for which something happens by itself. */
  async list(filter: SubscriptionFilter, sort: keyof typeof sorts, paging: Paging): Promise<Page<NamedSubscription>> {
    const { visibleTo, personId, classId, state, dueBefore } = filter;
    let matching = this.subscriptions();
    if (visibleTo !== null) matching = matching.where('subscriptions.personId', '=', visibleTo);
    if (personId !== undefined) matching = matching.where('subscriptions.personId', '=', personId);
    if (classId !== undefined) matching = matching.where('subscriptions.classId', '=', classId);
    // These conditions stand in the text, so that the planner can use the partial indexes.
    if (state !== undefined) matching = matching.where(sql<boolean>`subscriptions.state = ${sql.lit(state)}`);
    if (sort === 'due') matching = matching.where(sql<boolean>`subscriptions.due_at is not null`);
    if (dueBefore !== undefined) matching = matching.where('subscriptions.dueAt', '<', dueBefore);
    const page = await pageOf({ matching, selected: this.withNames(matching), order: sorts[sort] }, paging);
    return mapPage(page, namedOf);
  }

  /** The orders of the periods of a subscription, the first one first; of many the newest. */
  async periods(id: string): Promise<Order[]> {
    const orders = this.transactions.kysely(OrderEntity).selectFrom('orders').selectAll();
    const [first, later] = await Promise.all([
      orders.where('id', '=', id).execute(),
      orders
        .where('subscriptionId', '=', id)
        .where(sql<boolean>`period > 0`)
        .orderBy('period', 'desc')
        .limit(periodsMax - 1)
        .execute(),
    ]);
    return [...first, ...later.reverse()].map(orderOf);
  }

  private subscriptions() {
    return this.transactions.kysely(SubscriptionEntity, ClassEntity, PersonEntity).selectFrom('subscriptions');
  }

  private withNames(matching: ReturnType<SubscriptionListsStore['subscriptions']>) {
    return matching
      .innerJoin('classes', 'classes.id', 'subscriptions.classId')
      .innerJoin('persons', 'persons.id', 'subscriptions.personId')
      .selectAll('subscriptions')
      .select(['classes.title as classTitle', 'classes.timeZone as timeZone', 'persons.name as personName']);
  }
}

type NamedRow = Subscription & Omit<NamedSubscription, 'subscription'>;

function namedOf({ classTitle, timeZone, personName, ...subscription }: NamedRow): NamedSubscription {
  return { subscription, classTitle, timeZone, personName };
}
