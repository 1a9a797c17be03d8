import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { orderCancelled, orderClosed, orderExpired, orderOpened } from '#contracts/subscriptions/orders.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { ConvertOrders } from '../conversions/convert-orders.js';
import { ProjectClosedOrders } from '../persons/project-closed-orders.js';
import { PinHolds } from '../redemptions/holding/pin-holds.js';
import { ReleaseHolds } from '../redemptions/holding/release-holds.js';
import { RedeemHolds } from '../redemptions/redeeming/redeem-holds.js';

/** Events of orders from subscriptions: handled in any order, and repeats change nothing. */
@Controller()
export class OrdersConsumer {
  constructor(
    private readonly pinning: PinHolds,
    private readonly redeeming: RedeemHolds,
    private readonly releasing: ReleaseHolds,
    private readonly converting: ConvertOrders,
    private readonly noting: ProjectClosedOrders,
  ) {}

  @EventPattern<string>(orderOpened.type)
  onOrderOpened(@Payload(batchOf(orderOpened)) batch: EnvelopeOf<typeof orderOpened>[]): Promise<void> {
    return this.pinning.execute(batch.filter(hasDiscounts).map(({ data }) => data.order_id));
  }

  @EventPattern<string>(orderClosed.type)
  async onOrderClosed(@Payload(batchOf(orderClosed)) batch: EnvelopeOf<typeof orderClosed>[]): Promise<void> {
    await this.redeeming.execute(batch.filter(hasDiscounts));
    await this.converting.execute(batch);
    await this.noting.execute(batch);
  }

  @EventPattern<string>(orderCancelled.type)
  onOrderCancelled(@Payload(batchOf(orderCancelled)) batch: EnvelopeOf<typeof orderCancelled>[]): Promise<void> {
    return this.release(batch);
  }

  @EventPattern<string>(orderExpired.type)
  onOrderExpired(@Payload(batchOf(orderExpired)) batch: EnvelopeOf<typeof orderExpired>[]): Promise<void> {
    return this.release(batch);
  }

  private async release(batch: readonly EnvelopeOf<typeof orderCancelled>[]): Promise<void> {
    await this.releasing.execute(
      batch.filter(hasDiscounts).map((cause) => ({ orderId: cause.data.order_id, reason: cause.data.reason, cause })),
    );
  }
}

/** The events of an order carry its discounts; most orders have none. */
function hasDiscounts({ data }: EnvelopeOf<typeof orderOpened>): boolean {
  return data.discounts !== undefined && data.discounts.length > 0;
}
