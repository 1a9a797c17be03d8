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
import { bonuses } from './bonuses/bonuses.feature.js';
import { paymentsDatabase } from './database.js';
import { ledger } from './ledger/ledger.feature.js';
import { payments } from './payments/payments.feature.js';
import { PaymentsSettings } from './payments.config.js';
import { persons } from './persons/persons.feature.js';
import { receivables } from './receivables/receivables.feature.js';
import { webhooks } from './webhooks/webhooks.feature.js';

export const pruning = inboxPruning('payments');

export const features: readonly Feature<PaymentsSettings>[] = [
  webhooks,
  receivables,
  persons,
  payments,
  ledger,
  bonuses,
  pruning,
];

@Module({})
export class PaymentsModule {
  static with(settings: PaymentsSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { databaseUrl, amqpUrl, redisUrl, production } = settings;
    const { controllers, providers, jobs, schedules } = partsOf(features, settings);
    return {
      module: PaymentsModule,
      imports: [
        DatabaseModule.forService(paymentsDatabase(databaseUrl)),
        MessagingModule.forService({ service: 'payments', amqpUrl, databaseUrl }),
        JobsModule.forService({ redisUrl, production, jobs, schedules }),
        ProbesModule.forService({
          inject: [Transactions, Broker, Jobs],
          indicators: (transactions: Transactions, broker: Broker, jobs: Jobs) => [
            { name: 'database', check: () => transactions.query('select 1') },
            { name: 'broker', check: () => broker.ping(), essential: false },
            { name: 'redis', check: () => jobs.ping(), essential: false },
          ],
        }),
      ],
      controllers,
      providers: [{ provide: Clock, useValue: clock }, { provide: PaymentsSettings, useValue: settings }, ...providers],
    };
  }
}
