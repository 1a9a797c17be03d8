import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { ClaimsStore } from './claims.store.js';
import { HttpClient, Resolver, SystemResolver } from './http-client.js';
import { RecordAttempts } from './record-attempts.js';
import { SendDeliveriesJob, sendDeliveriesJob } from './send-deliveries.job.js';
import { SendDeliveries } from './send-deliveries.js';
import { SendDelivery } from './send-delivery.js';
import { UpdateHealth } from './update-health.js';

const everySecondMs = 1_000;

/** Sends due deliveries, and records what came of them. */
@Module({
  imports: [
    EndpointsModule,
    DeliveriesModule,
    JobsModule.forFeature({
      jobs: [sendDeliveriesJob],
      schedules: [{ job: sendDeliveriesJob, data: {}, everyMs: everySecondMs }],
    }),
  ],
  providers: [
    ClaimsStore,
    { provide: Resolver, useClass: SystemResolver },
    HttpClient,
    SendDelivery,
    UpdateHealth,
    RecordAttempts,
    SendDeliveries,
    SendDeliveriesJob,
  ],
})
export class SendingModule {}
