import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { approveOrder as approveOrderContract } from '#contracts/subscriptions/orders.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { approveOrder, type ClosedOrder, orderNotFound } from '../domain/order.js';
import type { Changed } from '../order-events.js';
import { type OrderView, orderView, titled } from '../order-view.js';
import { OrdersStore } from '../orders.store.js';
import { CompleteOrders } from '../steps/complete-orders.js';

type Request = RequestOf<typeof approveOrderContract>;

/** Closes confirmed orders of classes that require approval. Refuses ORDER_NOT_FOUND, ORDER_NOT_CONFIRMED. */
@Injectable()
export class ApproveOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly orders: OrdersStore,
    private readonly completeOrders: CompleteOrders,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<OrderView>[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.approve(tx, fresh)));
  }

  private async approve(tx: Tx, commands: readonly Command<Request>[]): Promise<Reply<OrderView>[]> {
    const orders = await this.orders.lock(
      tx,
      commands.map(({ data }) => data.order_id),
    );
    const titles = await this.orders.classTitles(tx, orders.values());
    const now = this.clock.now();
    const approved: Changed<ClosedOrder>[] = [];
    const replies = await sequentially(commands, async (command) => {
      const order = orders.get(command.data.order_id);
      if (!order) throw orderNotFound();
      const closed = approveOrder(order, now);
      approved.push({ order: closed, cause: command });
      orders.set(closed.id, closed);
      return orderView(titled(closed, titles));
    });
    await this.orders.save(
      tx,
      approved.map(({ order }) => order),
    );
    await this.completeOrders.apply(tx, approved);
    return replies;
  }
}
