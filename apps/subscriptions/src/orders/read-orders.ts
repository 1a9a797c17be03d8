import { Injectable } from '@nestjs/common';
import type { Reply } from '#messaging/envelope.js';
import type { Paging } from '#persistence/paging.js';
import { type Order, orderNotFound } from './domain/order.js';
import { type OrderFilter, OrdersStore } from './orders.store.js';

/** Reads orders. An order of another person is not found when `visible_to` names a member. */
@Injectable()
export class ReadOrders {
  constructor(private readonly orders: OrdersStore) {}

  /** Answers any number of queries with one statement. Refuses ORDER_NOT_FOUND. */
  async each<View>(
    queries: readonly { readonly data: { order_id: string; visible_to: string | null } }[],
    view: (order: Order) => View,
  ): Promise<Reply<View>[]> {
    const orders = await this.orders.find(queries.map(({ data }) => data.order_id));
    return queries.map(({ data: { order_id: id, visible_to: visibleTo } }) => {
      const order = orders.get(id);
      if (!order || (visibleTo !== null && order.personId !== visibleTo)) return { refusal: orderNotFound() };
      return { answer: view(order) };
    });
  }

  list(filter: OrderFilter, paging: Paging) {
    return this.orders.list(filter, paging);
  }
}
