import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { getPublisherCode, listPublisherCodes } from '#contracts/promotions/publisher-codes.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ReadPublisherCodes } from './read-publisher-codes.js';

/** What publishers read of their own promo codes. */
@Controller()
export class PublisherCodesConsumer {
  constructor(private readonly codes: ReadPublisherCodes) {}

  @MessagePattern<string>(listPublisherCodes.type)
  list(
    @Payload(batchOf(listPublisherCodes)) batch: QueryOf<typeof listPublisherCodes>[],
  ): Promise<ReplyOf<typeof listPublisherCodes>[]> {
    return answerEach(batch, ({ data }) => this.codes.list(data));
  }

  @MessagePattern<string>(getPublisherCode.type)
  get(
    @Payload(batchOf(getPublisherCode)) batch: QueryOf<typeof getPublisherCode>[],
  ): Promise<ReplyOf<typeof getPublisherCode>[]> {
    return answerEach(batch, ({ data }) => this.codes.one(data));
  }
}
