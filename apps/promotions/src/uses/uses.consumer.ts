import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { holdUses, releaseUses, validateCodes } from '#contracts/promo-uses.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { HoldUses } from './hold-uses.js';
import { ReleaseUses } from './release-uses.js';
import { ValidateCodes } from './validate-codes.js';

/** What is asked of codes: by people through the gateway, and by subscriptions for orders. */
@Controller()
export class UsesConsumer {
  constructor(
    private readonly holding: HoldUses,
    private readonly releasing: ReleaseUses,
    private readonly validating: ValidateCodes,
  ) {}

  @MessagePattern<string>(holdUses.type)
  holdUses(@Payload(batchOf(holdUses)) batch: CommandOf<typeof holdUses>[]): Promise<ReplyOf<typeof holdUses>[]> {
    return this.holding.execute(batch);
  }

  @MessagePattern<string>(releaseUses.type)
  async releaseUses(
    @Payload(batchOf(releaseUses)) batch: CommandOf<typeof releaseUses>[],
  ): Promise<ReplyOf<typeof releaseUses>[]> {
    const released = await this.releasing.execute(
      batch.map((cause) => ({ orderId: cause.data.order_id, reason: cause.data.reason, cause })),
    );
    return batch.map(({ data }, index) => ({ answer: { order_id: data.order_id, released: released[index] ?? 0 } }));
  }

  @MessagePattern<string>(validateCodes.type)
  validateCodes(
    @Payload(batchOf(validateCodes)) batch: QueryOf<typeof validateCodes>[],
  ): Promise<ReplyOf<typeof validateCodes>[]> {
    return this.validating.execute(batch);
  }
}
