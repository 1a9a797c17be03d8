import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { getConversion, recordConversions, reverseConversion } from '#contracts/promotions/conversions.js';
import type { CommandOf, QueryOf, ReplyOf, Unavailable } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ReadConversion } from './read-conversion.js';
import { RecordConversions } from './record-conversions.js';
import { ReverseConversions } from './reverse-conversions.js';

/** Conversions of outside systems. Closed orders arrive with the other events of orders (orders/). */
@Controller()
export class ConversionsConsumer {
  constructor(
    private readonly recording: RecordConversions,
    private readonly reversing: ReverseConversions,
    private readonly reading: ReadConversion,
  ) {}

  @MessagePattern<string>(recordConversions.type)
  recordConversions(
    @Payload(batchOf(recordConversions)) batch: CommandOf<typeof recordConversions>[],
  ): Promise<(ReplyOf<typeof recordConversions> | Unavailable)[]> {
    return this.recording.execute(batch);
  }

  @MessagePattern<string>(reverseConversion.type)
  reverseConversion(
    @Payload(batchOf(reverseConversion)) batch: CommandOf<typeof reverseConversion>[],
  ): Promise<ReplyOf<typeof reverseConversion>[]> {
    return this.reversing.execute(batch);
  }

  @MessagePattern<string>(getConversion.type)
  getConversion(
    @Payload(batchOf(getConversion)) batch: QueryOf<typeof getConversion>[],
  ): Promise<ReplyOf<typeof getConversion>[]> {
    return answerEach(batch, ({ data }) => this.reading.execute(data.conversion_id, data.sender));
  }
}
