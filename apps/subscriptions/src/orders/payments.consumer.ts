import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { creditApplied, orderSettled, paymentRegistered } from '#contracts/payments.js';
import { batchOf } from '#messaging/batch-of.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { ConfirmOrders } from './confirm-order.js';
import { SettleOrders } from './settle-order.js';

/** What payments tells of the money for orders. */
@Controller()
export class PaymentsConsumer {
  constructor(
    private readonly confirming: ConfirmOrders,
    private readonly settling: SettleOrders,
  ) {}

  @EventPattern<string>(paymentRegistered.type)
  onPaymentRegistered(
    @Payload(batchOf(paymentRegistered)) batch: EnvelopeOf<typeof paymentRegistered>[],
  ): Promise<void> {
    return this.confirming.execute(
      batch.map(({ data, ...message }) => ({
        ...message,
        fundings: data.funded_orders.map((funded) => ({
          orderId: funded.order_id,
          amountMinor: funded.amount_minor,
          currency: data.currency,
          transferId: funded.transfer_id,
        })),
      })),
    );
  }

  @EventPattern<string>(creditApplied.type)
  onCreditApplied(@Payload(batchOf(creditApplied)) batch: EnvelopeOf<typeof creditApplied>[]): Promise<void> {
    return this.confirming.execute(
      batch.map(({ data, ...message }) => ({
        ...message,
        fundings: [
          {
            orderId: data.order_id,
            amountMinor: data.amount_minor,
            currency: data.currency,
            transferId: data.transfer_id,
          },
        ],
      })),
    );
  }

  @EventPattern<string>(orderSettled.type)
  onOrderSettled(@Payload(batchOf(orderSettled)) batch: EnvelopeOf<typeof orderSettled>[]): Promise<void> {
    return this.settling.execute(batch);
  }
}
