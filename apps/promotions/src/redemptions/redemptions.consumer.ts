import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { holdCodes, releaseHolds, validateCodes } from '#contracts/promotions/promo-redemptions.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { HoldCodes } from './holding/hold-codes.js';
import { ReleaseHolds } from './holding/release-holds.js';
import { ValidateCodes } from './validating/validate-codes.js';

/** Requests about codes: of persons through the gateway, and of subscriptions for orders. */
@Controller()
export class RedemptionsConsumer {
  constructor(
    private readonly holding: HoldCodes,
    private readonly releasing: ReleaseHolds,
    private readonly validating: ValidateCodes,
  ) {}

  @MessagePattern<string>(holdCodes.type)
  holdCodes(@Payload(batchOf(holdCodes)) batch: CommandOf<typeof holdCodes>[]): Promise<ReplyOf<typeof holdCodes>[]> {
    return this.holding.execute(batch);
  }

  @MessagePattern<string>(releaseHolds.type)
  async releaseHolds(
    @Payload(batchOf(releaseHolds)) batch: CommandOf<typeof releaseHolds>[],
  ): Promise<ReplyOf<typeof releaseHolds>[]> {
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
