import { Injectable } from '@nestjs/common';
import { localDay } from '#kernel/clock.js';
import type { Cause } from '#messaging/envelope.js';
import { Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import type { PublishedClass } from '../../classes/domain/class.js';
import { EnrolmentsStore } from '../../enrolments/enrolments.store.js';
import type { Subscription } from '../../subscriptions/domain/subscription.js';
import { SubscriptionsStore } from '../../subscriptions/subscriptions.store.js';
import { type CancelledOrder, type ExpiredOrder, renews } from '../domain/order.js';
import { type Changed, endedEvent } from '../order-events.js';
import { OrdersStore } from '../orders.store.js';
import { subscriptionEndedEvent } from '../subscription-events.js';

/** Orders and subscriptions that end together. All of them are locked. */
export interface Ends {
  readonly orders: readonly Changed<CancelledOrder | ExpiredOrder>[];
  /** Subscriptions that ended, or that will end with their last day. */
  readonly subscriptions: readonly { readonly subscription: Subscription; readonly cause?: Cause | undefined }[];
}

/** Stores ends of orders and subscriptions, frees their seats, ends the enrolments and publishes the ends. */
@Injectable()
export class StoreEnds {
  constructor(
    private readonly orders: OrdersStore,
    private readonly subscriptions: SubscriptionsStore,
    private readonly classes: ClassesStore,
    private readonly enrolments: EnrolmentsStore,
    private readonly outbox: Outbox,
  ) {}

  async apply(tx: Tx, { orders, subscriptions }: Ends): Promise<void> {
    await this.orders.save(
      tx,
      orders.map(({ order }) => order),
    );
    await this.subscriptions.save(
      tx,
      subscriptions.map(({ subscription }) => subscription),
    );
    const left = subscriptions.filter(({ subscription: { state } }) => state === 'ended');
    // A first order holds a seat until it closes; then its subscription does.
    const leaving = [
      ...orders.map(({ order }) => order).filter((order) => !renews(order)),
      ...left.map(subscriptionOf),
    ];
    const seats = new Map<string, number>();
    for (const { classId } of leaving) seats.set(classId, (seats.get(classId) ?? 0) + 1);
    if (seats.size > 0) {
      const classes = await this.classes.lock(tx, seats.keys());
      await this.classes.freeSeats(tx, seats);
      await this.enrolments.leave(tx, daysOf(left.map(subscriptionOf), classes));
    }
    await this.outbox.add(tx, [...orders.map(endedEvent), ...left.map(subscriptionEndedEvent)]);
  }
}

function subscriptionOf({ subscription }: Ends['subscriptions'][number]): Subscription {
  return subscription;
}

/** The day on which each person leaves, in the zone of the class. */
function daysOf(ended: readonly Subscription[], classes: ReadonlyMap<string, PublishedClass>) {
  return new Map(
    ended.flatMap(({ id, classId, endedAt }) => {
      const published = classes.get(classId);
      return published && endedAt ? [[id, localDay(endedAt, published.timeZone)] as const] : [];
    }),
  );
}
