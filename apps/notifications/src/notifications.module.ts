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
import { notificationsDatabase } from './database.js';
import { DeliveriesModule } from './deliveries/deliveries.module.js';
import { EndpointsModule } from './endpoints/endpoints.module.js';
import { LogModule } from './log/log.module.js';
import { NotificationsSettings } from './notifications.config.js';
import { SendingModule } from './sending/sending.module.js';
import { SettingsModule } from './settings.module.js';

export const featureModules = [EndpointsModule, DeliveriesModule, LogModule, SendingModule];

/** The service: its features on a database, a broker and Redis. */
@Module({})
export class NotificationsModule {
  static with(settings: NotificationsSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { databaseUrl, amqpUrl, redisUrl, production } = settings;
    return {
      module: NotificationsModule,
      imports: [
        SettingsModule.with(settings, clock),
        DatabaseModule.forService(notificationsDatabase(databaseUrl)),
        MessagingModule.forService({ service: 'notifications', amqpUrl, databaseUrl }),
        JobsModule.forService({ redisUrl, production }),
        InboxPruningModule.forService('notifications'),
        ActionsModule.forService('notifications'),
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
