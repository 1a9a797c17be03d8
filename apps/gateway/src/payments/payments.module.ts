import { Module } from '@nestjs/common';
import { CorrectionsController, PayoutsController } from './corrections.http.js';
import { LedgerController } from './ledger.http.js';
import { PaymentsController } from './payments.http.js';

@Module({ controllers: [PaymentsController, CorrectionsController, PayoutsController, LedgerController] })
export class PaymentsModule {}
