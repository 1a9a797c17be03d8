import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  correctPayment,
  payOutBalance,
  reassignPayment,
  refundPayment,
  writeOffShortfall,
} from '#contracts/payments/corrections.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { CorrectPayment } from './correct-payment.js';
import { PayOutBalance } from './pay-out-balance.js';
import { ReassignPayment } from './reassign-payment.js';
import { RefundPayment } from './refund-payment.js';
import { WriteOffShortfall } from './write-off-shortfall.js';

/** What admins correct of the money of persons. */
@Controller()
export class CorrectionsConsumer {
  constructor(
    private readonly refunding: RefundPayment,
    private readonly correcting: CorrectPayment,
    private readonly reassigning: ReassignPayment,
    private readonly payingOut: PayOutBalance,
    private readonly writingOff: WriteOffShortfall,
  ) {}

  @MessagePattern<string>(refundPayment.type)
  refundPayment(
    @Payload(batchOf(refundPayment)) batch: CommandOf<typeof refundPayment>[],
  ): Promise<ReplyOf<typeof refundPayment>[]> {
    return this.refunding.execute(batch);
  }

  @MessagePattern<string>(correctPayment.type)
  correctPayment(
    @Payload(batchOf(correctPayment)) batch: CommandOf<typeof correctPayment>[],
  ): Promise<ReplyOf<typeof correctPayment>[]> {
    return this.correcting.execute(batch);
  }

  @MessagePattern<string>(reassignPayment.type)
  reassignPayment(
    @Payload(batchOf(reassignPayment)) batch: CommandOf<typeof reassignPayment>[],
  ): Promise<ReplyOf<typeof reassignPayment>[]> {
    return this.reassigning.execute(batch);
  }

  @MessagePattern<string>(payOutBalance.type)
  payOutBalance(
    @Payload(batchOf(payOutBalance)) batch: CommandOf<typeof payOutBalance>[],
  ): Promise<ReplyOf<typeof payOutBalance>[]> {
    return this.payingOut.execute(batch);
  }

  @MessagePattern<string>(writeOffShortfall.type)
  writeOffShortfall(
    @Payload(batchOf(writeOffShortfall)) batch: CommandOf<typeof writeOffShortfall>[],
  ): Promise<ReplyOf<typeof writeOffShortfall>[]> {
    return this.writingOff.execute(batch);
  }
}
