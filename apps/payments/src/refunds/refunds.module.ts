import { Module } from '@nestjs/common';
import { RefundBacklogConsumer } from './backlog/refund-backlog.consumer.js';
import { RefundBacklogStore } from './backlog/refund-backlog.store.js';
import { RefundGauges } from './backlog/refund-gauges.js';
import { RefundReportsStore } from './backlog/refund-reports.store.js';
import { RefundJournal } from './refund-journal.js';
import { RefundsStore } from './refunds.store.js';

/** Refunds and disputes. */
@Module({
  controllers: [RefundBacklogConsumer],
  providers: [RefundsStore, RefundJournal, RefundReportsStore, RefundBacklogStore, RefundGauges],
  exports: [RefundJournal],
})
export class RefundsModule {}
