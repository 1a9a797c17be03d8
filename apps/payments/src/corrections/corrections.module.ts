import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module.js';
import { RefundsModule } from '../refunds/refunds.module.js';
import { CorrectPayment } from './correct-payment.js';
import { CorrectionJournal } from './correction-journal.js';
import { CorrectionsConsumer } from './corrections.consumer.js';
import { PayOutBalance } from './pay-out-balance.js';
import { ReassignPayment } from './reassign-payment.js';
import { RefundPayment } from './refund-payment.js';
import { WriteOffShortfall } from './write-off-shortfall.js';

/** Refunds by hand, corrections and reassignments of payments, payouts, and write-offs of what orders are short of. */
@Module({
  controllers: [CorrectionsConsumer],
  imports: [PaymentsModule, RefundsModule],
  providers: [CorrectionJournal, RefundPayment, CorrectPayment, ReassignPayment, PayOutBalance, WriteOffShortfall],
})
export class CorrectionsModule {}
