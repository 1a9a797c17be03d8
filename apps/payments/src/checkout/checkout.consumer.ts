import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { beginCheckout } from '#contracts/payments/checkout.js';
import type { CommandOf, ReplyOf, Unavailable } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { BeginCheckout } from './begin-checkout.js';

/** Payment pages of orders. */
@Controller()
export class CheckoutConsumer {
  constructor(private readonly beginning: BeginCheckout) {}

  @MessagePattern<string>(beginCheckout.type)
  beginCheckout(
    @Payload(batchOf(beginCheckout)) batch: CommandOf<typeof beginCheckout>[],
  ): Promise<(ReplyOf<typeof beginCheckout> | Unavailable)[]> {
    return this.beginning.execute(batch);
  }
}
