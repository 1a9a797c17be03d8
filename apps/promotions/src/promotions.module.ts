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
import { analytics } from './analytics/analytics.feature.js';
import { applications } from './applications/applications.feature.js';
import { batches } from './codes/batches/batches.feature.js';
import { codes } from './codes/codes.feature.js';
import { publisher } from './codes/publisher/publisher.feature.js';
import { sweeps } from './codes/sweeps/sweeps.feature.js';
import { conversions } from './conversions/conversions.feature.js';
import { promotionsDatabase } from './database.js';
import { offers } from './offers/offers.feature.js';
import { persons } from './persons/persons.feature.js';
import { PromotionsSettings } from './promotions.config.js';
import { redemptions } from './redemptions/redemptions.feature.js';

export const features: readonly Feature<PromotionsSettings>[] = [
  codes,
  batches,
  publisher,
  sweeps,
  redemptions,
  offers,
  persons,
  applications,
  conversions,
  analytics,
  inboxPruning('promotions'),
];

@Module({})
export class PromotionsModule {
  static with(settings: PromotionsSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { databaseUrl, amqpUrl, redisUrl, production } = settings;
    const { controllers, providers, jobs, schedules } = partsOf(features, settings);
    return {
      module: PromotionsModule,
      imports: [
        DatabaseModule.forService(promotionsDatabase(databaseUrl)),
        MessagingModule.forService({ service: 'promotions', amqpUrl, databaseUrl }),
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
        { provide: PromotionsSettings, useValue: settings },
        ...providers,
      ],
    };
  }
}
