import { Module } from '@nestjs/common';
import { RefundsModule } from '../refunds/refunds.module.js';
import { AssignPayment } from './allocating/assign-payment.js';
import { DismissPayment } from './allocating/dismiss-payment.js';
import { FindPayees } from './allocating/find-payees.js';
import { PaymentsConsumer } from './payments.consumer.js';
import { PaymentsStore } from './payments.store.js';
import { PaymentJournal } from './registering/payment-journal.js';
import { RegisterPayment } from './registering/register-payment.js';

/** Payments: registering them, and allocating those that stand in suspense. */
@Module({
  controllers: [PaymentsConsumer],
  imports: [RefundsModule],
  providers: [PaymentsStore, PaymentJournal, RegisterPayment, AssignPayment, DismissPayment, FindPayees],
  exports: [PaymentsStore, PaymentJournal, FindPayees],
})
export class PaymentsModule {}
