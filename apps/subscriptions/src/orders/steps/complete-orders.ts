import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import { type NewEvent, Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import type { Enrolment } from '../../enrolments/domain/enrolment.js';
import { beginSubscription } from '../../subscriptions/domain/subscription.js';
import { SubscriptionsStore } from '../../subscriptions/subscriptions.store.js';
import { type ClosedOrder, renews } from '../domain/order.js';
import { type Changed, closedEvent } from '../order-events.js';
import { RenewSubscriptions } from './renew-subscriptions.js';

/**
 * Enrols the persons of closed orders, begins or renews their subscriptions, and publishes the closings. The orders
 * themselves are stored already.
 */
@Injectable()
export class CompleteOrders {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly renewSubscriptions: RenewSubscriptions,
    private readonly outbox: Outbox,
  ) {}

  /** @param others events of the same transaction about orders that did not close */
  async apply(tx: Tx, closed: readonly Changed<ClosedOrder>[], others: readonly NewEvent[] = []): Promise<void> {
    const orders = closed.map(({ order }) => order);
    await this.subscriptions.begin(
      tx,
      orders.filter(({ enrols }) => enrols).map(enrolmentOf),
      orders.filter((order) => !renews(order)).map(beginSubscription),
    );
    const renewed = await this.renewSubscriptions.apply(
      tx,
      closed.filter(({ order }) => renews(order)),
    );
    await this.outbox.add(tx, [...closed.map(closedEvent), ...renewed, ...others]);
  }
}

function enrolmentOf(order: ClosedOrder): Enrolment {
  return {
    id: newId(),
    orderId: order.id,
    personId: order.personId,
    classId: order.classId,
    startDate: order.startDate,
    endDate: order.endDate,
    enrolledAt: order.closedAt,
    leftOn: null,
  };
}
