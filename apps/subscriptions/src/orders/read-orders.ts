import { Injectable } from '@nestjs/common';
import type { Reply } from '#messaging/envelope.js';
import type { Paging } from '#persistence/paging.js';
import { type Order, orderNotFound } from './domain/order.js';
import { type OrderFilter, OrdersStore } from './orders.store.js';

/** Orders as those who may see them see them: somebody else's is not there. */
@Injectable()
export class ReadOrders {
  constructor(private readonly orders: OrdersStore) {}

  /** Answers any number of questions for single orders with one statement. */
  async each<View>(
    questions: readonly { readonly data: { order_id: string; visible_to: string | null } }[],
    view: (order: Order) => View,
  ): Promise<Reply<View>[]> {
    const orders = await this.orders.find(questions.map(({ data }) => data.order_id));
    return questions.map(({ data: { order_id: id, visible_to: visibleTo } }) => {
      const order = orders.get(id);
      if (!order || (visibleTo !== null && order.personId !== visibleTo)) return { refusal: orderNotFound() };
      return { answer: view(order) };
    });
  }

  list(filter: OrderFilter, paging: Paging) {
    return this.orders.list(filter, paging);
  }
}
