import { Injectable } from '@nestjs/common';
import type { NewEvent } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import type { ClosedOrder, Order } from '../domain/order.js';
import type { LatePayment } from '../late-payments/domain/late-payment.js';
import { LatePaymentsStore } from '../late-payments/late-payments.store.js';
import type { Changed } from '../order-events.js';
import { OrdersStore } from '../orders.store.js';
import { CompleteOrders } from '../steps/complete-orders.js';

/** What a set of messages about money changes. */
export interface FundedSet {
  /** Orders that were confirmed, some of them also closed. */
  readonly moved: readonly Order[];
  readonly closed: readonly Changed<ClosedOrder>[];
  /** Events about orders that did not close. */
  readonly events: readonly NewEvent[];
  readonly late: readonly LatePayment[];
}

/** Stores funded orders and their enrolments, publishes their changes, and records money that came too late. */
@Injectable()
export class StoreFundings {
  constructor(
    private readonly orders: OrdersStore,
    private readonly completeOrders: CompleteOrders,
    private readonly latePayments: LatePaymentsStore,
  ) {}

  async apply(tx: Tx, { moved, closed, events, late }: FundedSet): Promise<void> {
    await this.orders.save(tx, moved);
    await this.completeOrders.apply(tx, closed, events);
    await this.latePayments.add(tx, late);
  }
}
