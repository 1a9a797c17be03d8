import { Module } from '@nestjs/common';
import { OpenReceivables } from './open-receivables.js';
import { OrdersConsumer } from './orders.consumer.js';
import { SettleReceivables } from './settle-receivables.js';
import { WithdrawReceivables } from './withdraw-receivables.js';

/** What persons owe for their orders: opening, funding, settling, withdrawing. */
@Module({
  controllers: [OrdersConsumer],
  providers: [OpenReceivables, SettleReceivables, WithdrawReceivables],
})
export class ReceivablesModule {}
