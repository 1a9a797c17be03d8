import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import { type NewEvent, Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import type { Enrolment } from '../../enrolments/domain/enrolment.js';
import { EnrolmentsStore } from '../../enrolments/enrolments.store.js';
import type { ClosedOrder } from '../domain/order.js';
import { type Changed, closedEvent } from '../order-events.js';

/** Enrols the persons of closed orders and publishes the closings. The orders themselves are stored already. */
@Injectable()
export class CompleteOrders {
  constructor(
    private readonly enrolments: EnrolmentsStore,
    private readonly outbox: Outbox,
  ) {}

  /** @param others events of the same transaction about orders that did not close */
  async apply(tx: Tx, closed: readonly Changed<ClosedOrder>[], others: readonly NewEvent[] = []): Promise<void> {
    await this.enrolments.add(
      tx,
      closed.map(({ order }) => enrolmentOf(order)),
    );
    await this.outbox.add(tx, [...closed.map(closedEvent), ...others]);
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
  };
}
