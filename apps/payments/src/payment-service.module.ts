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
import { BonusesModule } from './bonuses/bonuses.module.js';
import { CheckoutModule } from './checkout/checkout.module.js';
import { CorrectionsModule } from './corrections/corrections.module.js';
import { paymentsDatabase } from './database.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { OrderMoneyModule } from './order-money/order-money.module.js';
import { PaymentSearchModule } from './payment-search/payment-search.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { PaymentsSettings } from './payments.config.js';
import { PersonsModule } from './persons/persons.module.js';
import { ReceivablesModule } from './receivables/receivables.module.js';
import { RefundsModule } from './refunds/refunds.module.js';
import { SettingsModule } from './settings.module.js';
import { VerificationModule } from './verification/verification.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

export const featureModules = [
  WebhooksModule,
  ReceivablesModule,
  RefundsModule,
  PersonsModule,
  PaymentsModule,
  PaymentSearchModule,
  CorrectionsModule,
  CheckoutModule,
  OrderMoneyModule,
  LedgerModule,
  VerificationModule,
  BonusesModule,
];

/** The service: its features on a database, a broker and Redis. */
@Module({})
export class PaymentServiceModule {
  static with(settings: PaymentsSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { databaseUrl, amqpUrl, redisUrl, production } = settings;
    return {
      module: PaymentServiceModule,
      imports: [
        SettingsModule.with(settings, clock),
        DatabaseModule.forService(paymentsDatabase(databaseUrl)),
        MessagingModule.forService({ service: 'payments', amqpUrl, databaseUrl }),
        JobsModule.forService({ redisUrl, production }),
        InboxPruningModule.forService('payments'),
        ActionsModule.forService('payments'),
        OperationsModule.forService({
          inject: [DatabaseProbe, Broker, Jobs],
          indicators: (database: DatabaseProbe, broker: Broker, jobs: Jobs) => [
            { name: 'database', check: () => database.check() },
            { name: 'broker', check: () => broker.ping(), essential: false },
            { name: 'redis', check: () => jobs.ping(), essential: false },
          ],
        }),
        ...featureModules,
      ],
    };
  }
}
