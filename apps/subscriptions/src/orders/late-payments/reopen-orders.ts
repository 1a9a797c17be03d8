import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import { type AllocatedOrder, SeatAllocator } from '../domain/seat-allocator.js';
import { AddOrders } from '../steps/add-orders.js';
import { ReadOpeningContext } from '../steps/read-opening-context.js';
import {
  type CreditReason,
  creditReason,
  type LateOutcome,
  orderCancelled,
  orderReplaced,
} from './domain/late-payment.js';
import { LatePaymentsStore } from './late-payments.store.js';
import type { PreparedReopening } from './prepare-reopenings.js';

/** Opens orders with the terms of expired ones, under the locks of their persons and classes. */
@Injectable()
export class ReopenOrders {
  constructor(
    private readonly context: ReadOpeningContext,
    private readonly classes: ClassesStore,
    private readonly addOrders: AddOrders,
    private readonly latePayments: LatePaymentsStore,
    private readonly clock: Clock,
  ) {}

  /** The outcome of each payment, in order. */
  async apply(tx: Tx, prepared: readonly PreparedReopening[]): Promise<LateOutcome[]> {
    const requests = prepared.map(({ order: { personId, classId }, orderId }) => ({ personId, classId, orderId }));
    const context = await this.context.locked(tx, requests);
    const now = this.clock.now();
    // Read under the locks: an order is replaced once, however many payments name it.
    const replaced = new Set(
      await this.latePayments.replaced(
        tx,
        prepared.map(({ order }) => order.id),
      ),
    );
    const window = { now, lateDays: this.context.latePaymentDays };
    const allocator = new SeatAllocator(context, now);
    const orders = prepared.map(({ payment, order, orderId, refusal }): AllocatedOrder | CreditReason => {
      const published = context.classes.get(order.classId);
      assert(published, 'the class of an order exists');
      if (order.state === 'cancelled') return orderCancelled;
      const reason = creditReason(order, payment, published, window) ?? refusal;
      if (reason) return reason;
      if (replaced.has(order.id)) return orderReplaced;
      const reopened = allocator.reopen(order, orderId);
      if (!isReason(reopened)) replaced.add(order.id);
      return reopened;
    });
    await this.classes.takeSeats(tx, allocator.allocated);
    await this.addOrders.apply(
      tx,
      orders.flatMap((order) => (isReason(order) ? [] : [{ order }])),
    );
    return orders.map((order) =>
      isReason(order) ? { outcome: 'credited', reason: order } : { outcome: 'reopened', replacementOrderId: order.id },
    );
  }
}

function isReason(outcome: AllocatedOrder | CreditReason): outcome is CreditReason {
  return 'code' in outcome;
}
