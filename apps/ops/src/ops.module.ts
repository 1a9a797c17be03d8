import { type DynamicModule, Module } from '@nestjs/common';
import { ProbesModule } from '#http/probes.module.js';
import { TokenVerifier } from '#identity/verify-token.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Broker } from '#messaging/connection/broker.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { DatabaseModule } from '#persistence/database.js';
import { Transactions } from '#persistence/transaction.js';
import { OperatorsOnly } from './access/operators-only.js';
import { SignInController } from './access/sign-in.http.js';
import { ActionsStore } from './actions/actions.store.js';
import { opsDatabase } from './database.js';
import { OpsSettings } from './ops.config.js';
import { OverviewController } from './overview/overview.http.js';
import { ReadOverview } from './overview/read-overview.js';
import { DiscardParked } from './parked/discard-parked.js';
import { FindParked } from './parked/find-parked.js';
import { ParkedController } from './parked/parked.http.js';
import { ParkedPagesController } from './parked/parked-pages.http.js';
import { ReplayParked } from './parked/replay-parked.js';
import { JobQueues } from './queues/job-queues.js';

@Module({})
export class OpsModule {
  static with(settings: OpsSettings, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: OpsModule,
      imports: [
        DatabaseModule.forService(opsDatabase(settings.databaseUrl)),
        MessagingModule.forService({ service: 'ops', amqpUrl: settings.amqpUrl }),
        // Operators need this service most when a server is away: it stays ready without any of them.
        ProbesModule.forService({
          inject: [Transactions, Broker],
          indicators: (transactions: Transactions, broker: Broker) => [
            { name: 'database', essential: false, check: () => transactions.query('select 1') },
            { name: 'broker', essential: false, check: () => broker.ping() },
          ],
        }),
      ],
      controllers: [OverviewController, ParkedController, ParkedPagesController, SignInController],
      providers: [
        { provide: OpsSettings, useValue: settings },
        { provide: Clock, useValue: clock },
        { provide: TokenVerifier, useValue: new TokenVerifier(settings.issuer, clock) },
        OperatorsOnly,
        ActionsStore,
        FindParked,
        ReplayParked,
        DiscardParked,
        JobQueues,
        ReadOverview,
      ],
    };
  }
}
