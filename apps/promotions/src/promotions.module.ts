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
import { AnalyticsModule } from './analytics/analytics.module.js';
import { ApplicationsModule } from './applications/applications.module.js';
import { BatchesModule } from './codes/batches/batches.module.js';
import { CodesModule } from './codes/codes.module.js';
import { PublisherModule } from './codes/publisher/publisher.module.js';
import { SweepsModule } from './codes/sweeps/sweeps.module.js';
import { ConversionsModule } from './conversions/conversions.module.js';
import { promotionsDatabase } from './database.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { OffersModule } from './offers/offers.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { PersonsModule } from './persons/persons.module.js';
import { PromotionsSettings } from './promotions.config.js';
import { RedemptionsModule } from './redemptions/redemptions.module.js';
import { SettingsModule } from './settings.module.js';

export const featureModules = [
  CodesModule,
  BatchesModule,
  PublisherModule,
  SweepsModule,
  OffersModule,
  PersonsModule,
  RedemptionsModule,
  ApplicationsModule,
  ConversionsModule,
  OrdersModule,
  AnalyticsModule,
  DecisionsModule,
];

/** The service: its features on a database, a broker and Redis. */
@Module({})
export class PromotionsModule {
  static with(settings: PromotionsSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { databaseUrl, amqpUrl, redisUrl, production } = settings;
    return {
      module: PromotionsModule,
      imports: [
        SettingsModule.with(settings, clock),
        DatabaseModule.forService(promotionsDatabase(databaseUrl)),
        MessagingModule.forService({ service: 'promotions', amqpUrl, databaseUrl }),
        JobsModule.forService({ redisUrl, production }),
        InboxPruningModule.forService('promotions'),
        ActionsModule.forService('promotions'),
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
