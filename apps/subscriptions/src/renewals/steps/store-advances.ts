import { Injectable } from '@nestjs/common';
import { Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { AddOrders } from '../../orders/steps/add-orders.js';
import { StoreEnds } from '../../orders/steps/store-ends.js';
import { remindedEvent, suspendedEvent } from '../../orders/subscription-events.js';
import { SubscriptionsStore } from '../../subscriptions/subscriptions.store.js';
import type { Advanced } from '../domain/advance.js';

/** Stores advanced subscriptions, opens the orders of their periods and publishes what happened. */
@Injectable()
export class StoreAdvances {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly addOrders: AddOrders,
    private readonly storeEnds: StoreEnds,
    private readonly outbox: Outbox,
  ) {}

  async apply(tx: Tx, advanced: readonly Advanced[], now: Temporal.Instant): Promise<void> {
    const subscriptions = advanced.map(({ subscription }) => subscription);
    await this.subscriptions.save(
      tx,
      subscriptions.filter(({ state }) => state !== 'ended'),
    );
    const ended = subscriptions.filter(({ state }) => state === 'ended');
    await this.storeEnds.apply(tx, { orders: [], subscriptions: ended.map((subscription) => ({ subscription })) });
    // After the subscriptions: a free period closes at once and renews its own.
    await this.addOrders.apply(
      tx,
      advanced.flatMap(({ opened }) => (opened ? [{ order: opened }] : [])),
    );
    await this.outbox.add(
      tx,
      advanced.flatMap(({ subscription, reminded, suspendedFor }) => [
        ...reminded.map((order) => remindedEvent(subscription, order, now)),
        ...(suspendedFor ? [suspendedEvent(subscription, suspendedFor, now)] : []),
      ]),
    );
  }
}
