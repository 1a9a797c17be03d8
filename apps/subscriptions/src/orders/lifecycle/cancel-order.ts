import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { cancelOrder as cancelOrderContract } from '#contracts/subscriptions/orders.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type CancelledOrder, cancelOrder, orderNotFound } from '../domain/order.js';
import type { Changed } from '../order-events.js';
import { type OrderView, orderView, titled } from '../order-view.js';
import { OrdersStore } from '../orders.store.js';
import { EndOrders } from '../steps/end-orders.js';

type Request = RequestOf<typeof cancelOrderContract>;

/**
 * Cancels opened and confirmed orders. Refuses ORDER_NOT_FOUND, ORDER_NOT_CANCELLABLE.
 * When a payment arrives at the same moment, the transaction that locks the order first decides.
 */
@Injectable()
export class CancelOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly orders: OrdersStore,
    private readonly endOrders: EndOrders,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<OrderView>[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.cancel(tx, fresh)));
  }

  private async cancel(tx: Tx, commands: readonly Command<Request>[]): Promise<Reply<OrderView>[]> {
    const orders = await this.orders.lock(
      tx,
      commands.map(({ data }) => data.order_id),
    );
    const titles = await this.orders.classTitles(tx, orders.values());
    const now = this.clock.now();
    const ended: Changed<CancelledOrder>[] = [];
    const replies = await sequentially(commands, async (command) => {
      const { order_id: id, visible_to: visibleTo, reason } = command.data;
      const order = orders.get(id);
      if (!order || (visibleTo !== null && order.personId !== visibleTo)) throw orderNotFound();
      const cancelled = cancelOrder(order, reason?.trim() || 'Cancelled on request.', now);
      if (cancelled !== order) ended.push({ order: cancelled, cause: command });
      orders.set(id, cancelled);
      return orderView(titled(cancelled, titles));
    });
    await this.endOrders.apply(tx, ended);
    return replies;
  }
}
