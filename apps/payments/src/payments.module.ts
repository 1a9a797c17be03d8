import { type DynamicModule, Module } from '@nestjs/common';
import { Jobs } from '#jobs/jobs.js';
import { JobsModule } from '#jobs/jobs.module.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Broker } from '#messaging/broker.js';
import { MessagingModule } from '#messaging/messaging.module.js';
import { inboxPruning } from '#messaging/prune-inbox.job.js';
import { ObservabilityModule } from '#observability/observability.module.js';
import { DatabaseModule } from '#persistence/database.js';
import { Transactions } from '#persistence/transaction.js';
import { BonusesConsumer } from './bonuses/bonuses.consumer.js';
import { GrantBonuses } from './bonuses/grant-bonuses.js';
import { ReverseBonuses } from './bonuses/reverse-bonuses.js';
import { paymentsDatabase } from './database.js';
import { LedgerConsumer } from './ledger/ledger.consumer.js';
import { ReadAccount } from './ledger/read-account.js';
import { ReadTrialBalance } from './ledger/read-trial-balance.js';
import { VerifyLedgerJob, verifyLedgerJob } from './ledger/verify-ledger.job.js';
import { AssignPayment } from './payments/assign-payment.js';
import { PaymentsConsumer } from './payments/payments.consumer.js';
import { PaymentsStore } from './payments/payments.store.js';
import { RegisterPayment } from './payments/register-payment.js';
import { PaymentsSettings } from './payments.config.js';
import { AdmitPersons } from './persons/admit-persons.js';
import { PersonsConsumer } from './persons/persons.consumer.js';
import { OpenReceivables } from './receivables/open-receivables.js';
import { OrdersConsumer } from './receivables/orders.consumer.js';
import { ReadOrderMoney } from './receivables/read-order-money.js';
import { SettleReceivables } from './receivables/settle-receivables.js';
import { WithdrawReceivables } from './receivables/withdraw-receivables.js';
import { DismissNotification } from './webhooks/dismiss-notification.js';
import { KeptAsideStore } from './webhooks/kept-aside.store.js';
import { KeptAsideGauge } from './webhooks/kept-aside-gauge.js';
import { ListKeptAside } from './webhooks/list-kept-aside.js';
import { PruneRejectedJob, pruneRejectedJob } from './webhooks/prune-rejected.job.js';
import { ReceiveWebhook } from './webhooks/receive-webhook.js';
import { Rejections } from './webhooks/rejections.js';
import { SharedBudget } from './webhooks/shared-budget.js';
import { WebhooksConsumer } from './webhooks/webhooks.consumer.js';
import { WebhooksHttp } from './webhooks/webhooks.http.js';
import { WebhooksStore } from './webhooks/webhooks.store.js';

const everyHourMs = 3_600_000;
const everyDayMs = 24 * everyHourMs;

export const pruning = inboxPruning('payments');

@Module({})
export class PaymentsModule {
  static with(settings: PaymentsSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { databaseUrl, amqpUrl, redisUrl, production } = settings;
    return {
      module: PaymentsModule,
      imports: [
        DatabaseModule.forService(paymentsDatabase(databaseUrl)),
        MessagingModule.forService({ service: 'payments', amqpUrl, databaseUrl }),
        JobsModule.forService({
          redisUrl,
          production,
          jobs: [verifyLedgerJob, pruning.job, pruneRejectedJob],
          schedules: [
            { job: verifyLedgerJob, data: {}, everyMs: everyHourMs },
            pruning.schedule,
            { job: pruneRejectedJob, data: {}, everyMs: everyDayMs },
          ],
        }),
        ObservabilityModule.forService({
          inject: [Transactions, Broker, Jobs],
          indicators: (transactions: Transactions, broker: Broker, jobs: Jobs) => [
            { name: 'database', check: () => transactions.query('select 1') },
            { name: 'broker', check: () => broker.ping(), essential: false },
            { name: 'redis', check: () => jobs.ping(), essential: false },
          ],
        }),
      ],
      controllers: [
        WebhooksHttp,
        WebhooksConsumer,
        OrdersConsumer,
        PersonsConsumer,
        PaymentsConsumer,
        LedgerConsumer,
        BonusesConsumer,
      ],
      providers: [
        { provide: PaymentsSettings, useValue: settings },
        { provide: Clock, useValue: clock },
        { provide: SharedBudget, useFactory: () => new SharedBudget(redisUrl) },
        {
          provide: ReceiveWebhook,
          inject: [WebhooksStore, Rejections, Clock],
          useFactory: (store: WebhooksStore, rejections: Rejections, time: Clock) =>
            new ReceiveWebhook(settings.providers, store, rejections, time),
        },
        WebhooksStore,
        Rejections,
        KeptAsideStore,
        ListKeptAside,
        DismissNotification,
        KeptAsideGauge,
        OpenReceivables,
        SettleReceivables,
        WithdrawReceivables,
        ReadOrderMoney,
        AdmitPersons,
        GrantBonuses,
        ReverseBonuses,
        PaymentsStore,
        RegisterPayment,
        AssignPayment,
        ReadAccount,
        ReadTrialBalance,
        VerifyLedgerJob,
        pruning.PruneInbox,
        PruneRejectedJob,
      ],
    };
  }
}
