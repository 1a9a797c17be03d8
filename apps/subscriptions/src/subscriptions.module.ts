import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Jobs } from '#jobs/jobs.js';
import { JobsModule } from '#jobs/jobs.module.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Broker } from '#messaging/broker.js';
import { MessagingModule } from '#messaging/messaging.module.js';
import { inboxPruning } from '#messaging/prune-inbox.job.js';
import { ObservabilityModule } from '#observability/observability.module.js';
import { DatabaseModule } from '#persistence/database.js';
import { Transactions } from '#persistence/transaction.js';
import { ChangeClass } from './classes/change-class.js';
import { ClassRules } from './classes/class-rules.js';
import { ClassesConsumer } from './classes/classes.consumer.js';
import { ClassesStore } from './classes/classes.store.js';
import { CreateClass } from './classes/create-class.js';
import { ReadClasses } from './classes/read-classes.js';
import { subscriptionsDatabase } from './database.js';
import { EnrolmentsConsumer } from './enrolments/enrolments.consumer.js';
import { EnrolmentsStore } from './enrolments/enrolments.store.js';
import { ApproveOrder } from './orders/approve-order.js';
import { CancelOrder } from './orders/cancel-order.js';
import { CompleteOrder } from './orders/complete-order.js';
import { ConfirmOrder } from './orders/confirm-order.js';
import { EndOrder } from './orders/end-order.js';
import { ExpireOrderJob, sweepOverdueOrdersJob } from './orders/expire-order.job.js';
import { ExpireOrder } from './orders/expire-order.js';
import { ForgoOrder } from './orders/forgo-order.js';
import { OpenDiscountedOrder } from './orders/open-discounted-order.js';
import { OpenOrder } from './orders/open-order.js';
import { OpeningFloor } from './orders/opening-floor.js';
import { OrderDraftsStore } from './orders/order-drafts.store.js';
import { OrdersConsumer } from './orders/orders.consumer.js';
import { OrdersStore } from './orders/orders.store.js';
import { PaymentsConsumer } from './orders/payments.consumer.js';
import { ReadOrders } from './orders/read-orders.js';
import { RevokeOrder } from './orders/revoke-order.js';
import { expireOrderJob, ScheduleExpiries } from './orders/schedule-expiries.js';
import { SettleOrder } from './orders/settle-order.js';
import { ParameterTypesConsumer } from './parameter-types/parameter-types.consumer.js';
import { ParameterTypesStore } from './parameter-types/parameter-types.store.js';
import { SaveParameterType } from './parameter-types/save-parameter-type.js';
import { PersonsConsumer } from './persons/persons.consumer.js';
import { PersonsStore } from './persons/persons.store.js';
import { RegisterPerson } from './persons/register-person.js';
import { PublishRule } from './rules/publish-rule.js';
import { RulesConsumer } from './rules/rules.consumer.js';
import { RulesStore } from './rules/rules.store.js';
import { SubscriptionsSettings } from './subscriptions.config.js';

export const stores: Provider[] = [
  PersonsStore,
  ParameterTypesStore,
  RulesStore,
  ClassesStore,
  OrdersStore,
  OrderDraftsStore,
  OpeningFloor,
  EnrolmentsStore,
];

export const useCases: Provider[] = [
  RegisterPerson,
  SaveParameterType,
  PublishRule,
  ClassRules,
  CreateClass,
  ChangeClass,
  ReadClasses,
  OpenOrder,
  OpenDiscountedOrder,
  ForgoOrder,
  ConfirmOrder,
  CompleteOrder,
  ApproveOrder,
  RevokeOrder,
  SettleOrder,
  CancelOrder,
  ExpireOrder,
  EndOrder,
  ScheduleExpiries,
  ReadOrders,
];

const pruning = inboxPruning('subscriptions');

@Module({})
export class SubscriptionsModule {
  static with(settings: SubscriptionsSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { databaseUrl, amqpUrl, redisUrl, production, sweepEveryMs } = settings;
    return {
      module: SubscriptionsModule,
      imports: [
        DatabaseModule.forService(subscriptionsDatabase(databaseUrl)),
        MessagingModule.forService({ service: 'subscriptions', amqpUrl, databaseUrl }),
        JobsModule.forService({
          redisUrl,
          production,
          jobs: [expireOrderJob, sweepOverdueOrdersJob, pruning.job],
          schedules: [{ job: sweepOverdueOrdersJob, data: {}, everyMs: sweepEveryMs }, pruning.schedule],
        }),
        ObservabilityModule.forService({
          inject: [Transactions, Broker, Jobs],
          indicators: (transactions: Transactions, broker: Broker, jobs: Jobs) => [
            { name: 'database', check: () => transactions.query('select 1') },
            { name: 'broker', check: () => broker.ping() },
            { name: 'redis', check: () => jobs.ping(), essential: false },
          ],
        }),
      ],
      controllers: [
        PersonsConsumer,
        ParameterTypesConsumer,
        RulesConsumer,
        ClassesConsumer,
        OrdersConsumer,
        PaymentsConsumer,
        EnrolmentsConsumer,
      ],
      providers: [
        { provide: Clock, useValue: clock },
        { provide: SubscriptionsSettings, useValue: settings },
        ...stores,
        ...useCases,
        ExpireOrderJob,
        pruning.PruneInbox,
      ],
    };
  }
}
