import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { voidDrafts } from '#contracts/subscriptions/orders.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { VoidDrafts } from './opening/void-drafts.js';

/** Receives the requests of promotions about orders that it holds codes for. */
@Controller()
export class PromotionsConsumer {
  constructor(private readonly voidingDrafts: VoidDrafts) {}

  @MessagePattern<string>(voidDrafts.type)
  voidDrafts(
    @Payload(batchOf(voidDrafts)) batch: CommandOf<typeof voidDrafts>[],
  ): Promise<ReplyOf<typeof voidDrafts>[]> {
    return answerEach(batch, async ({ data }) => {
      const existing = await this.voidingDrafts.execute(data.order_ids);
      return { existing: [...existing] };
    });
  }
}
