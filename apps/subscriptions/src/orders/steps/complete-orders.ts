import { Injectable } from '@nestjs/common';
import { orderClosed } from '#contracts/orders.js';
import { newId } from '#kernel/ids.js';
import type { Cause } from '#messaging/envelope.js';
import { type NewEvent, newEvent } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { enrol } from '../../enrolments/domain/enrolment.js';
import { EnrolmentsStore } from '../../enrolments/enrolments.store.js';
import type { ClosedOrder } from '../domain/order.js';
import { orderData } from '../order-view.js';

/** An order that was just closed, and the message that led to it. */
export interface Completed {
  readonly order: ClosedOrder;
  readonly cause?: Cause | undefined;
}

/**
 * The end of the way, in the transaction of whoever closed these orders: each person joins the students group. Gives
 * the events to be told once all else is written.
 */
@Injectable()
export class CompleteOrders {
  constructor(private readonly enrolments: EnrolmentsStore) {}

  async execute(tx: Tx, completed: readonly Completed[]): Promise<NewEvent[]> {
    await this.enrolments.add(
      tx,
      completed.map(({ order }) => enrol(order, newId())),
    );
    return completed.map(({ order, cause }) => {
      const data = { ...orderData(order), closed_at: order.closedAt.toString() };
      return newEvent(orderClosed, { subject: order.id, data, cause });
    });
  }
}
