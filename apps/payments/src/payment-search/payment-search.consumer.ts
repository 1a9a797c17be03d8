import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { findPaidOrders } from '#contracts/payments/payment-search.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { PaymentSearch } from './payment-search.js';

/** Receives the queries of admins who look for payments. */
@Controller()
export class PaymentSearchConsumer {
  constructor(private readonly payments: PaymentSearch) {}

  @MessagePattern<string>(findPaidOrders.type)
  findPaidOrders(
    @Payload(batchOf(findPaidOrders)) batch: QueryOf<typeof findPaidOrders>[],
  ): Promise<ReplyOf<typeof findPaidOrders>[]> {
    return answerEach(batch, async ({ data }) => ({ order_ids: await this.payments.ordersOf(data.reference) }));
  }
}
