import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import {
  orderCancelled,
  orderClosed,
  orderExpired,
  orderOpened,
  orderReleased,
} from '#contracts/subscriptions/orders.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { OpenReceivables } from './open-receivables.js';
import { SettleReceivables } from './settle-receivables.js';
import { WithdrawReceivables } from './withdraw-receivables.js';

/** Events of orders: their receivables are opened, settled and withdrawn. */
@Controller()
export class OrdersConsumer {
  constructor(
    private readonly openReceivables: OpenReceivables,
    private readonly settleReceivables: SettleReceivables,
    private readonly withdrawReceivables: WithdrawReceivables,
  ) {}

  @EventPattern<string>(orderOpened.type)
  onOrderOpened(@Payload(batchOf(orderOpened)) batch: EnvelopeOf<typeof orderOpened>[]): Promise<void> {
    return this.openReceivables.execute(batch);
  }

  @EventPattern<string>(orderClosed.type)
  onOrderClosed(@Payload(batchOf(orderClosed)) batch: EnvelopeOf<typeof orderClosed>[]): Promise<void> {
    return this.settleReceivables.execute(batch);
  }

  @EventPattern<string>(orderCancelled.type)
  onOrderCancelled(@Payload(batchOf(orderCancelled)) batch: EnvelopeOf<typeof orderCancelled>[]): Promise<void> {
    return this.withdrawReceivables.execute(batch);
  }

  @EventPattern<string>(orderExpired.type)
  onOrderExpired(@Payload(batchOf(orderExpired)) batch: EnvelopeOf<typeof orderExpired>[]): Promise<void> {
    return this.withdrawReceivables.execute(batch);
  }

  @EventPattern<string>(orderReleased.type)
  onOrderReleased(@Payload(batchOf(orderReleased)) batch: EnvelopeOf<typeof orderReleased>[]): Promise<void> {
    return this.withdrawReceivables.execute(batch);
  }
}
