import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { getOrderMoney } from '#contracts/payments/accounts.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ReadOrderMoney } from './read-order-money.js';

/** Queries about the money of an order. */
@Controller()
export class OrderMoneyConsumer {
  constructor(private readonly readOrderMoney: ReadOrderMoney) {}

  @MessagePattern<string>(getOrderMoney.type)
  getOrderMoney(
    @Payload(batchOf(getOrderMoney)) batch: QueryOf<typeof getOrderMoney>[],
  ): Promise<ReplyOf<typeof getOrderMoney>[]> {
    return answerEach(batch, ({ data }) => this.readOrderMoney.execute(data.order_id, data.visible_to));
  }
}
