import { Injectable } from '@nestjs/common';
import type { Reply } from '#messaging/envelope.js';
import type { Paging } from '#persistence/paging.js';
import { type Order, orderNotFound } from './domain/order.js';
import { type DecidedPayment, LatePaymentsStore } from './late-payments/late-payments.store.js';
import { type OrderFilter, OrdersStore } from './orders.store.js';

/** Reads orders. An order of another person is not found when `visible_to` names a member. */
@Injectable()
export class ReadOrders {
  constructor(
    private readonly orders: OrdersStore,
    private readonly latePayments: LatePaymentsStore,
  ) {}

  /** Answers any number of queries with one statement, and one more for ended orders. Refuses ORDER_NOT_FOUND. */
  async each<View>(
    queries: readonly { readonly data: { order_id: string; visible_to: string | null } }[],
    view: (order: Order, latePayments?: readonly DecidedPayment[]) => View,
  ): Promise<Reply<View>[]> {
    const orders = await this.orders.find(queries.map(({ data }) => data.order_id));
    const ended = [...orders.values()].filter(({ state }) => state === 'expired' || state === 'cancelled');
    const late = await this.latePayments.ofOrders(ended.map(({ id }) => id));
    return queries.map(({ data: { order_id: id, visible_to: visibleTo } }) => {
      const order = orders.get(id);
      if (!order || (visibleTo !== null && order.personId !== visibleTo)) return { refusal: orderNotFound() };
      return { answer: view(order, late.get(id)) };
    });
  }

  list(filter: OrderFilter, paging: Paging) {
    return this.orders.list(filter, paging);
  }
}
