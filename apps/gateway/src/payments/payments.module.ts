import { Module } from '@nestjs/common';
import { CorrectionsController, PayoutsController, WriteOffsController } from './corrections.http.js';
import { LedgerController } from './ledger.http.js';
import { PaymentSearchController } from './payment-search.http.js';
import { PaymentsController } from './payments.http.js';

@Module({
  controllers: [
    PaymentsController,
    CorrectionsController,
    PayoutsController,
    WriteOffsController,
    LedgerController,
    // After the routes of the same length with fixed words.
    PaymentSearchController,
  ],
})
export class PaymentsModule {}
