import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module.js';
import { PaymentSearchConsumer } from './payment-search.consumer.js';
import { PaymentSearch } from './payment-search.js';

/** Payments as admins look them up. */
@Module({
  imports: [PaymentsModule],
  controllers: [PaymentSearchConsumer],
  providers: [PaymentSearch],
})
export class PaymentSearchModule {}
