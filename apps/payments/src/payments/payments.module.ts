import { Module } from '@nestjs/common';
import { AssignPayment } from './allocating/assign-payment.js';
import { PaymentsConsumer } from './payments.consumer.js';
import { PaymentsStore } from './payments.store.js';
import { RegisterPayment } from './registering/register-payment.js';

/** Payments: registering them, and allocating those that stand in suspense. */
@Module({
  controllers: [PaymentsConsumer],
  providers: [PaymentsStore, RegisterPayment, AssignPayment],
  exports: [PaymentsStore],
})
export class PaymentsModule {}
