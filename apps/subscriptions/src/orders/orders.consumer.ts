import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  approveOrder,
  cancelOrder,
  countOrderQueues,
  explainOrder,
  getOrder,
  getOrderProgress,
  listOrders,
  openDiscountedOrder,
  openOrder,
  orderExplanation,
} from '#contracts/subscriptions/orders.js';
import type { CommandOf, QueryOf, ReplyOf, Unavailable } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ApproveOrder } from './lifecycle/approve-order.js';
import { CancelOrder } from './lifecycle/cancel-order.js';
import { OpenDiscountedOrder } from './opening/open-discounted-order.js';
import { OpenOrder } from './opening/open-order.js';
import { ReadOrders } from './read-orders.js';

/** Receives the requests of the gateway about orders. */
@Controller()
export class OrdersConsumer {
  constructor(
    private readonly opening: OpenOrder,
    private readonly openingDiscounted: OpenDiscountedOrder,
    private readonly cancelling: CancelOrder,
    private readonly approving: ApproveOrder,
    private readonly orders: ReadOrders,
  ) {}

  @MessagePattern<string>(openOrder.type)
  openOrder(@Payload(batchOf(openOrder)) batch: CommandOf<typeof openOrder>[]): Promise<ReplyOf<typeof openOrder>[]> {
    return this.opening.execute(batch);
  }

  @MessagePattern<string>(openDiscountedOrder.type)
  openDiscountedOrder(
    @Payload(batchOf(openDiscountedOrder)) batch: CommandOf<typeof openDiscountedOrder>[],
  ): Promise<(ReplyOf<typeof openDiscountedOrder> | Unavailable)[]> {
    return this.openingDiscounted.execute(batch);
  }

  @MessagePattern<string>(cancelOrder.type)
  cancelOrder(
    @Payload(batchOf(cancelOrder)) batch: CommandOf<typeof cancelOrder>[],
  ): Promise<ReplyOf<typeof cancelOrder>[]> {
    return this.cancelling.execute(batch);
  }

  @MessagePattern<string>(approveOrder.type)
  approveOrder(
    @Payload(batchOf(approveOrder)) batch: CommandOf<typeof approveOrder>[],
  ): Promise<ReplyOf<typeof approveOrder>[]> {
    return this.approving.execute(batch);
  }

  @MessagePattern<string>(getOrder.type)
  getOrder(@Payload(batchOf(getOrder)) batch: QueryOf<typeof getOrder>[]): Promise<ReplyOf<typeof getOrder>[]> {
    return this.orders.each(batch);
  }

  @MessagePattern<string>(explainOrder.type)
  async explainOrder(
    @Payload(batchOf(explainOrder)) batch: QueryOf<typeof explainOrder>[],
  ): Promise<ReplyOf<typeof explainOrder>[]> {
    const replies = await this.orders.each(batch);
    return replies.map((reply) => ('answer' in reply ? { answer: orderExplanation.parse(reply.answer) } : reply));
  }

  @MessagePattern<string>(getOrderProgress.type)
  getOrderProgress(
    @Payload(batchOf(getOrderProgress)) batch: QueryOf<typeof getOrderProgress>[],
  ): Promise<ReplyOf<typeof getOrderProgress>[]> {
    return this.orders.progress(batch);
  }

  @MessagePattern<string>(listOrders.type)
  listOrders(@Payload(batchOf(listOrders)) batch: QueryOf<typeof listOrders>[]): Promise<ReplyOf<typeof listOrders>[]> {
    return answerEach(batch, ({ data }) => this.orders.list(data));
  }

  @MessagePattern<string>(countOrderQueues.type)
  countOrderQueues(
    @Payload(batchOf(countOrderQueues)) batch: QueryOf<typeof countOrderQueues>[],
  ): Promise<ReplyOf<typeof countOrderQueues>[]> {
    return answerEach(batch, () => this.orders.queues());
  }
}
