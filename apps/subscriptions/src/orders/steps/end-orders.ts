import { Injectable } from '@nestjs/common';
import { Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import type { CancelledOrder, ExpiredOrder } from '../domain/order.js';
import { type Changed, endedEvent } from '../order-events.js';
import { OrdersStore } from '../orders.store.js';

/** Stores orders that were cancelled or expired, frees their seats and publishes their ends. */
@Injectable()
export class EndOrders {
  constructor(
    private readonly orders: OrdersStore,
    private readonly classes: ClassesStore,
    private readonly outbox: Outbox,
  ) {}

  async apply(tx: Tx, ended: readonly Changed<CancelledOrder | ExpiredOrder>[]): Promise<void> {
    if (ended.length === 0) return;
    await this.orders.save(
      tx,
      ended.map(({ order }) => order),
    );
    const seats = new Map<string, number>();
    for (const { order } of ended) seats.set(order.classId, (seats.get(order.classId) ?? 0) + 1);
    await this.classes.lock(tx, seats.keys());
    await this.classes.freeSeats(tx, seats);
    await this.outbox.add(tx, ended.map(endedEvent));
  }
}
