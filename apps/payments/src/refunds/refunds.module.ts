import { Module } from '@nestjs/common';
import { RefundJournal } from './refund-journal.js';
import { RefundsStore } from './refunds.store.js';

/** Refunds and disputes. */
@Module({
  providers: [RefundsStore, RefundJournal],
  exports: [RefundJournal],
})
export class RefundsModule {}
