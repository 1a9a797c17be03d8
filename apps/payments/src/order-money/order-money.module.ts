import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module.js';
import { OrderMoneyConsumer } from './order-money.consumer.js';
import { ReadOrderMoney } from './read-order-money.js';

/** Where the money of an order came from and went to: its receivable, its payments, its transfers. */
@Module({
  imports: [PaymentsModule],
  controllers: [OrderMoneyConsumer],
  providers: [ReadOrderMoney],
})
export class OrderMoneyModule {}
