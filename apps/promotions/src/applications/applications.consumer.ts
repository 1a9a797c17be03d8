import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { applyCode, listHeldCodes } from '#contracts/promotions/promo-applications.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ApplyCodes } from './apply-codes.js';
import { ReadHeldCodes } from './read-held-codes.js';

/** Bonus codes that persons take. */
@Controller()
export class ApplicationsConsumer {
  constructor(
    private readonly applying: ApplyCodes,
    private readonly reading: ReadHeldCodes,
  ) {}

  @MessagePattern<string>(applyCode.type)
  applyCode(@Payload(batchOf(applyCode)) batch: CommandOf<typeof applyCode>[]): Promise<ReplyOf<typeof applyCode>[]> {
    return this.applying.execute(batch);
  }

  @MessagePattern<string>(listHeldCodes.type)
  listHeldCodes(
    @Payload(batchOf(listHeldCodes)) batch: QueryOf<typeof listHeldCodes>[],
  ): Promise<ReplyOf<typeof listHeldCodes>[]> {
    return answerEach(batch, ({ data }) => this.reading.page(data));
  }
}
