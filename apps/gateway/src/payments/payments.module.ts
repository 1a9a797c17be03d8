import { Module } from '@nestjs/common';
import { LedgerController } from './ledger.http.js';
import { PaymentsController } from './payments.http.js';

@Module({ controllers: [PaymentsController, LedgerController] })
export class PaymentsModule {}
