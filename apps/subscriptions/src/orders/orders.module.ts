import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { ClassesModule } from '../classes/classes.module.js';
import { EnrolmentsModule } from '../enrolments/enrolments.module.js';
import { PersonsModule } from '../persons/persons.module.js';
import { RulesModule } from '../rules/rules.module.js';
import { SubscriptionRowsModule } from '../subscriptions/subscription-rows.module.js';
import { SubscriptionsSettings } from '../subscriptions.config.js';
import { DecideLatePayments } from './late-payments/decide-late-payments.js';
import { LatePaymentsStore } from './late-payments/late-payments.store.js';
import { PrepareReopenings } from './late-payments/prepare-reopenings.js';
import { ReopenOrders } from './late-payments/reopen-orders.js';
import { StoreDecisions } from './late-payments/store-decisions.js';
import { ApproveOrder } from './lifecycle/approve-order.js';
import { CancelOrder } from './lifecycle/cancel-order.js';
import { ConfirmOrder } from './lifecycle/confirm-order.js';
import { ExpireOrderJob, sweepOverdueOrdersJob } from './lifecycle/expire-order.job.js';
import { ExpireOrder } from './lifecycle/expire-order.js';
import { RevokeOrder } from './lifecycle/revoke-order.js';
import { expireOrderJob, ScheduleExpiries } from './lifecycle/schedule-expiries.js';
import { SettleOrder } from './lifecycle/settle-order.js';
import { StoreFundings } from './lifecycle/store-fundings.js';
import { OrderListsStore } from './listing/order-lists.store.js';
import { HoldDiscounts } from './opening/hold-discounts.js';
import { OpenDiscountedOrder } from './opening/open-discounted-order.js';
import { OpenOrder } from './opening/open-order.js';
import { OrderDraftsStore } from './opening/order-drafts.store.js';
import { PriceDrafts } from './opening/price-drafts.js';
import { VoidDrafts } from './opening/void-drafts.js';
import { OrdersConsumer } from './orders.consumer.js';
import { OrdersStore } from './orders.store.js';
import { PaymentsConsumer } from './payments.consumer.js';
import { PromotionsConsumer } from './promotions.consumer.js';
import { ReadOrders } from './read-orders.js';
import { AddOrders } from './steps/add-orders.js';
import { AllocateSeats } from './steps/allocate-seats.js';
import { CompleteOrders } from './steps/complete-orders.js';
import { EndOrders } from './steps/end-orders.js';
import { EndRenewals } from './steps/end-renewals.js';
import { ReadOpeningContext } from './steps/read-opening-context.js';
import { RenewSubscriptions } from './steps/renew-subscriptions.js';
import { StoreEnds } from './steps/store-ends.js';

const completing = [AddOrders, CompleteOrders, RenewSubscriptions];
const ending = [EndOrders, EndRenewals, StoreEnds];
const steps = [ReadOpeningContext, AllocateSeats, ...completing, ...ending];
const opening = [OrderDraftsStore, OpenOrder, PriceDrafts, HoldDiscounts, OpenDiscountedOrder, VoidDrafts];
const lifecycle = [ConfirmOrder, ApproveOrder, SettleOrder, CancelOrder, RevokeOrder];
const late = [LatePaymentsStore, StoreFundings, PrepareReopenings, ReopenOrders, StoreDecisions, DecideLatePayments];
const expiry = [ScheduleExpiries, ExpireOrder, ExpireOrderJob];

/** Orders: opening, and every change of their state. Renewals open those of later periods by the same steps. */
@Module({
  imports: [
    PersonsModule,
    ClassesModule,
    RulesModule,
    EnrolmentsModule,
    SubscriptionRowsModule,
    JobsModule.forFeature({
      jobs: [expireOrderJob, sweepOverdueOrdersJob],
      schedules: {
        inject: [SubscriptionsSettings],
        useFactory: ({ sweepEveryMs }: SubscriptionsSettings) => [
          { job: sweepOverdueOrdersJob, data: {}, everyMs: sweepEveryMs },
        ],
      },
    }),
  ],
  controllers: [OrdersConsumer, PaymentsConsumer, PromotionsConsumer],
  providers: [OrdersStore, OrderListsStore, ReadOrders, ...steps, ...opening, ...lifecycle, ...late, ...expiry],
  exports: [OrdersStore, AddOrders, StoreEnds],
})
export class OrdersModule {}
