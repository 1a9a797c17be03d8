import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { findPaidOrders, getPayment, listCandidates, listPayments } from '#contracts/payments/payment-search.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { FindCandidates } from './find-candidates.js';
import { PaymentSearch } from './payment-search.js';
import { ReadPayment } from './read-payment.js';

/** Receives the queries of admins who look for payments. */
@Controller()
export class PaymentSearchConsumer {
  constructor(
    private readonly payments: PaymentSearch,
    private readonly reading: ReadPayment,
    private readonly candidates: FindCandidates,
  ) {}

  @MessagePattern<string>(listPayments.type)
  listPayments(
    @Payload(batchOf(listPayments)) batch: QueryOf<typeof listPayments>[],
  ): Promise<ReplyOf<typeof listPayments>[]> {
    return answerEach(batch, ({ data }) => this.payments.list(data));
  }

  @MessagePattern<string>(getPayment.type)
  getPayment(@Payload(batchOf(getPayment)) batch: QueryOf<typeof getPayment>[]): Promise<ReplyOf<typeof getPayment>[]> {
    return answerEach(batch, ({ data }) => this.reading.execute(data.payment_id));
  }

  @MessagePattern<string>(listCandidates.type)
  listCandidates(
    @Payload(batchOf(listCandidates)) batch: QueryOf<typeof listCandidates>[],
  ): Promise<ReplyOf<typeof listCandidates>[]> {
    return answerEach(batch, ({ data }) => this.candidates.execute(data.payment_id));
  }

  @MessagePattern<string>(findPaidOrders.type)
  findPaidOrders(
    @Payload(batchOf(findPaidOrders)) batch: QueryOf<typeof findPaidOrders>[],
  ): Promise<ReplyOf<typeof findPaidOrders>[]> {
    return answerEach(batch, async ({ data }) => ({ order_ids: await this.payments.ordersOf(data.reference) }));
  }
}
