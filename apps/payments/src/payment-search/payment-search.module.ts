import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module.js';
import { FindCandidates } from './find-candidates.js';
import { PaymentSearchConsumer } from './payment-search.consumer.js';
import { PaymentSearch } from './payment-search.js';
import { ReadPayment } from './read-payment.js';

/** Payments as admins look them up. */
@Module({
  imports: [PaymentsModule],
  controllers: [PaymentSearchConsumer],
  providers: [PaymentSearch, ReadPayment, FindCandidates],
})
export class PaymentSearchModule {}
