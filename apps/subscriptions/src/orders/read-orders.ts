import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import { type countOrderQueues, idDigitsOf, type listOrders, queueCountMax } from '#contracts/subscriptions/orders.js';
import type { Reply } from '#messaging/envelope.js';
import { mapPage, type Page } from '#persistence/paging.js';
import { type Order, orderNotFound } from './domain/order.js';
import { LatePaymentsStore } from './late-payments/late-payments.store.js';
import { idsWith } from './listing/order-filter.js';
import { type NamedOrder, OrderListsStore } from './listing/order-lists.store.js';
import { latePaymentsView, type OrderView, orderView, type ProgressView, progressView } from './order-view.js';
import { OrdersStore } from './orders.store.js';

interface OrderQuery {
  readonly data: { readonly order_id: string; readonly visible_to: string | null };
}

/** Reads orders. An order of another person is not found when `visible_to` names a member. */
@Injectable()
export class ReadOrders {
  constructor(
    private readonly orders: OrdersStore,
    private readonly lists: OrderListsStore,
    private readonly latePayments: LatePaymentsStore,
  ) {}

  /** Answers any number of queries with one statement, and one more for ended orders. Refuses ORDER_NOT_FOUND. */
  async each(queries: readonly OrderQuery[]): Promise<Reply<OrderView>[]> {
    const orders = await this.lists.named(queries.map(({ data }) => data.order_id));
    const ended = [...orders.values()].filter(({ order: { state } }) => state === 'expired' || state === 'cancelled');
    const late = await this.latePayments.ofOrders(ended.map(({ order: { id } }) => id));
    return queries.map(({ data: { order_id: id, visible_to: visibleTo } }) => {
      const named = orders.get(id);
      if (!named || !isVisible(named.order, visibleTo)) return { refusal: orderNotFound() };
      return { answer: { ...readView(named, visibleTo), ...latePaymentsView(late.get(id)) } };
    });
  }

  /** How far each order has come, with one statement. Refuses ORDER_NOT_FOUND. */
  async progress(queries: readonly OrderQuery[]): Promise<Reply<ProgressView>[]> {
    const orders = await this.orders.find(queries.map(({ data }) => data.order_id));
    return queries.map(({ data: { order_id: id, visible_to: visibleTo } }) => {
      const order = orders.get(id);
      if (!order || !isVisible(order, visibleTo)) return { refusal: orderNotFound() };
      return { answer: progressView(order) };
    });
  }

  /** A page of the orders that a request asks for. */
  async list(request: RequestOf<typeof listOrders>): Promise<Page<OrderView>> {
    const { visible_to: visibleTo, person_id: personId, class_id: classId, state, waits_for: waitsFor } = request;
    const { search: text, paid_order_ids: paid = [], opened_from: from, opened_to: to, sort, ...rest } = request;
    const digits = text === undefined ? null : idDigitsOf(text);
    const search = text === undefined ? undefined : { text, ids: digits === null ? null : idsWith(digits), paid };
    const opened = { openedFrom: instantOf(from), openedTo: instantOf(to) };
    const filter = { visibleTo, personId, classId, state, waitsFor, search, ...opened };
    return mapPage(await this.lists.list(filter, sort, rest), (named) => readView(named, visibleTo));
  }

  /** How many orders wait for money, for approval and for settlement. */
  async queues(): Promise<ResponseOf<typeof countOrderQueues>> {
    const queues = await this.lists.queues(queueCountMax);
    return { queues: queues.map(({ waitsFor, orders, more }) => ({ waits_for: waitsFor, orders, more })) };
  }
}

function isVisible({ personId }: Order, visibleTo: string | null): boolean {
  return visibleTo === null || personId === visibleTo;
}

/** The name of the person is for admins and operators. */
function readView(named: NamedOrder, visibleTo: string | null): OrderView {
  return { ...orderView(named), ...(visibleTo === null && { person_name: named.personName }) };
}

function instantOf(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text);
}
