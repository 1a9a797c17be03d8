import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { listMissingRefunds, listWaitingRefunds } from '#contracts/payments/refunds.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { RefundBacklogStore } from './refund-backlog.store.js';

/** Queries about refunds that an operator has to look at. */
@Controller()
export class RefundBacklogConsumer {
  constructor(private readonly backlog: RefundBacklogStore) {}

  @MessagePattern<string>(listWaitingRefunds.type)
  listWaitingRefunds(
    @Payload(batchOf(listWaitingRefunds)) batch: QueryOf<typeof listWaitingRefunds>[],
  ): Promise<ReplyOf<typeof listWaitingRefunds>[]> {
    return answerEach(batch, ({ data }) => this.backlog.waiting(data));
  }

  @MessagePattern<string>(listMissingRefunds.type)
  listMissingRefunds(
    @Payload(batchOf(listMissingRefunds)) batch: QueryOf<typeof listMissingRefunds>[],
  ): Promise<ReplyOf<typeof listMissingRefunds>[]> {
    return answerEach(batch, ({ data }) => this.backlog.missing(data));
  }
}
