import { type DynamicModule, Module } from '@nestjs/common';
import { ProbesModule } from '#http/probes.module.js';
import { type Feature, partsOf } from '#jobs/feature.js';
import { Jobs } from '#jobs/jobs.js';
import { JobsModule } from '#jobs/jobs.module.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Broker } from '#messaging/connection/broker.js';
import { inboxPruning } from '#messaging/consuming/prune-inbox.job.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { DatabaseModule } from '#persistence/database.js';
import { Transactions } from '#persistence/transaction.js';
import { classes } from './classes/classes.feature.js';
import { subscriptionsDatabase } from './database.js';
import { enrolments } from './enrolments/enrolments.feature.js';
import { orders } from './orders/orders.feature.js';
import { parameterTypes } from './parameter-types/parameter-types.feature.js';
import { persons } from './persons/persons.feature.js';
import { rules } from './rules/rules.feature.js';
import { SubscriptionsSettings } from './subscriptions.config.js';

export const features: readonly Feature<SubscriptionsSettings>[] = [
  persons,
  parameterTypes,
  rules,
  classes,
  orders,
  enrolments,
  inboxPruning('subscriptions'),
];

@Module({})
export class SubscriptionsModule {
  static with(settings: SubscriptionsSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { databaseUrl, amqpUrl, redisUrl, production } = settings;
    const { controllers, providers, jobs, schedules } = partsOf(features, settings);
    return {
      module: SubscriptionsModule,
      imports: [
        DatabaseModule.forService(subscriptionsDatabase(databaseUrl)),
        MessagingModule.forService({ service: 'subscriptions', amqpUrl, databaseUrl }),
        JobsModule.forService({ redisUrl, production, jobs, schedules }),
        ProbesModule.forService({
          inject: [Transactions, Broker, Jobs],
          indicators: (transactions: Transactions, broker: Broker, jobs: Jobs) => [
            { name: 'database', check: () => transactions.query('select 1') },
            { name: 'broker', check: () => broker.ping() },
            { name: 'redis', check: () => jobs.ping(), essential: false },
          ],
        }),
      ],
      controllers,
      providers: [
        { provide: Clock, useValue: clock },
        { provide: SubscriptionsSettings, useValue: settings },
        ...providers,
      ],
    };
  }
}
