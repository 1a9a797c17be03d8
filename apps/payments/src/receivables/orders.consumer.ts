import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { orderCancelled, orderClosed, orderExpired, orderOpened, orderReleased } from '#contracts/orders.js';
import { getOrderMoney } from '#contracts/payments.js';
import type { EnvelopeOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { OpenReceivables } from './open-receivables.js';
import { ReadOrderMoney } from './read-order-money.js';
import { SettleReceivables } from './settle-receivables.js';
import { WithdrawReceivables } from './withdraw-receivables.js';

/** What happens to orders, as subscriptions tells it, and what became of their money. */
@Controller()
export class OrdersConsumer {
  constructor(
    private readonly openReceivables: OpenReceivables,
    private readonly settleReceivables: SettleReceivables,
    private readonly withdrawReceivables: WithdrawReceivables,
    private readonly readOrderMoney: ReadOrderMoney,
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

  @MessagePattern<string>(getOrderMoney.type)
  getOrderMoney(
    @Payload(batchOf(getOrderMoney)) batch: QueryOf<typeof getOrderMoney>[],
  ): Promise<ReplyOf<typeof getOrderMoney>[]> {
    return answerEach(batch, (query) => this.readOrderMoney.execute(query.data.order_id));
  }
}
