import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { ClassesModule } from '../classes/classes.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { RulesModule } from '../rules/rules.module.js';
import { SubscriptionRowsModule } from '../subscriptions/subscription-rows.module.js';
import { SubscriptionsSettings } from '../subscriptions.config.js';
import { AdvanceSubscriptions } from './advance-subscriptions.js';
import { ReadSubscriptions } from './read-subscriptions.js';
import { ClaimDue } from './steps/claim-due.js';
import { StoreAdvances } from './steps/store-advances.js';
import { SubscriptionListsStore } from './subscription-lists.store.js';
import { SubscriptionsConsumer } from './subscriptions.consumer.js';
import { SweepSubscriptionsJob, sweepSubscriptionsJob } from './sweep-subscriptions.job.js';

/** The life of a subscription after its first order: its periods, dunning, and its end. */
@Module({
  imports: [
    ClassesModule,
    OrdersModule,
    RulesModule,
    SubscriptionRowsModule,
    JobsModule.forFeature({
      jobs: [sweepSubscriptionsJob],
      schedules: {
        inject: [SubscriptionsSettings],
        useFactory: ({ sweepEveryMs }: SubscriptionsSettings) => [
          { job: sweepSubscriptionsJob, data: {}, everyMs: sweepEveryMs },
        ],
      },
    }),
  ],
  controllers: [SubscriptionsConsumer],
  providers: [
    ...[ClaimDue, StoreAdvances, AdvanceSubscriptions, SweepSubscriptionsJob],
    ...[SubscriptionListsStore, ReadSubscriptions],
  ],
})
export class RenewalsModule {}
