import { type DynamicModule, Module } from '@nestjs/common';
import { OperationsModule } from '#http/operations.module.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Broker } from '#messaging/connection/broker.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { DatabaseModule } from '#persistence/database.js';
import { DatabaseProbe } from '#persistence/database-probe.js';
import { AccessModule } from './access/access.module.js';
import { opsDatabase } from './database.js';
import type { OpsSettings } from './ops.config.js';
import { OverviewModule } from './overview/overview.module.js';
import { ParkedModule } from './parked/parked.module.js';
import { JobsModule } from './queues/jobs.module.js';
import { SettingsModule } from './settings.module.js';
import { SignInModule } from './sign-in/sign-in.module.js';

@Module({})
export class OpsModule {
  static with(settings: OpsSettings, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: OpsModule,
      imports: [
        SettingsModule.with(settings, clock),
        DatabaseModule.forService(opsDatabase(settings.databaseUrl)),
        MessagingModule.forService({ service: 'ops', amqpUrl: settings.amqpUrl }),
        // Operators need this service most when a server is down, so it stays ready without Postgres and RabbitMQ.
        OperationsModule.forService({
          inject: [DatabaseProbe, Broker],
          indicators: (database: DatabaseProbe, broker: Broker) => [
            { name: 'database', essential: false, check: () => database.check() },
            { name: 'broker', essential: false, check: () => broker.ping() },
          ],
        }),
        AccessModule,
        SignInModule,
        OverviewModule,
        ParkedModule,
        JobsModule,
      ],
    };
  }
}
