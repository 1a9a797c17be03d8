import { type DynamicModule, Module } from '@nestjs/common';
import { OperationsModule } from '#http/operations.module.js';
import { Jobs } from '#jobs/jobs.js';
import { JobsModule } from '#jobs/jobs.module.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Broker } from '#messaging/connection/broker.js';
import { InboxPruningModule } from '#messaging/consuming/prune-inbox.job.js';
import { ActionsModule } from '#messaging/nest/actions.module.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { DatabaseModule } from '#persistence/database.js';
import { DatabaseProbe } from '#persistence/database-probe.js';
import { ClassesModule } from './classes/classes.module.js';
import { subscriptionsDatabase } from './database.js';
import { EnrolmentsModule } from './enrolments/enrolments.module.js';
import { NamesModule } from './names/names.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { ParameterTypesModule } from './parameter-types/parameter-types.module.js';
import { PersonsModule } from './persons/persons.module.js';
import { RenewalsModule } from './renewals/renewals.module.js';
import { RulesModule } from './rules/rules.module.js';
import { SettingsModule } from './settings.module.js';
import { SubscriptionsSettings } from './subscriptions.config.js';

export const featureModules = [
  PersonsModule,
  ParameterTypesModule,
  RulesModule,
  ClassesModule,
  EnrolmentsModule,
  OrdersModule,
  RenewalsModule,
  NamesModule,
];

/** The service: its features on a database, a broker and Redis. */
@Module({})
export class SubscriptionsModule {
  static with(settings: SubscriptionsSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { databaseUrl, amqpUrl, redisUrl, production } = settings;
    return {
      module: SubscriptionsModule,
      imports: [
        SettingsModule.with(settings, clock),
        DatabaseModule.forService(subscriptionsDatabase(databaseUrl)),
        MessagingModule.forService({ service: 'subscriptions', amqpUrl, databaseUrl }),
        JobsModule.forService({ redisUrl, production }),
        InboxPruningModule.forService('subscriptions'),
        ActionsModule.forService('subscriptions'),
        OperationsModule.forService({
          inject: [DatabaseProbe, Broker, Jobs],
          indicators: (database: DatabaseProbe, broker: Broker, jobs: Jobs) => [
            { name: 'database', check: () => database.check() },
            { name: 'broker', check: () => broker.ping() },
            { name: 'redis', check: () => jobs.ping(), essential: false },
          ],
        }),
        ...featureModules,
      ],
    };
  }
}
