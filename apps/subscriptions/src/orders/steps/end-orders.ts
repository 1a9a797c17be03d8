import { Injectable } from '@nestjs/common';
import { orderCancelled, orderExpired } from '#contracts/orders.js';
import type { Cause } from '#messaging/envelope.js';
import { type NewEvent, newEvent } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import type { CancelledOrder, ExpiredOrder } from '../domain/order.js';
import { orderData } from '../order-view.js';
import { OrdersStore } from '../orders.store.js';

/** An order that was just ended, and the message that led to it; none when a job did. */
export interface Ended {
  readonly order: CancelledOrder | ExpiredOrder;
  readonly cause?: Cause | undefined;
}

/**
 * What cancelling and expiring have in common, in their transaction: the orders end and their seats are free again.
 * Gives the events to be told once all else is written.
 */
@Injectable()
export class EndOrders {
  constructor(
    private readonly orders: OrdersStore,
    private readonly classes: ClassesStore,
  ) {}

  async execute(tx: Tx, ended: readonly Ended[]): Promise<NewEvent[]> {
    if (ended.length === 0) return [];
    await this.orders.save(
      tx,
      ended.map(({ order }) => order),
    );
    const seats = new Map<string, number>();
    for (const { order } of ended) seats.set(order.classId, (seats.get(order.classId) ?? 0) + 1);
    await this.classes.lock(tx, seats.keys());
    await this.classes.freeSeats(tx, seats);
    return ended.map(tell);
  }
}

function tell({ order, cause }: Ended): NewEvent {
  const data = { ...orderData(order), ended_at: order.endedAt.toString(), reason: order.endReason };
  const told = { subject: order.id, data, cause };
  return order.state === 'cancelled' ? newEvent(orderCancelled, told) : newEvent(orderExpired, told);
}
