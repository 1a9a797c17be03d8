import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { DeliveriesStore } from './deliveries.store.js';
import { DropOldEventsJob, dropOldEventsJob } from './drop-old-events.job.js';
import { DropOldEvents } from './drop-old-events.js';
import { EventsConsumer } from './events.consumer.js';
import { RecordEvents } from './record-events.js';
import { WakeSending } from './wake-sending.js';

const everyHourMs = 3_600_000;

/** Events, and their deliveries to endpoints, for the time of the settings. */
@Module({
  imports: [
    JobsModule.forFeature({
      jobs: [dropOldEventsJob],
      schedules: [{ job: dropOldEventsJob, data: {}, everyMs: everyHourMs }],
    }),
  ],
  controllers: [EventsConsumer],
  providers: [DeliveriesStore, RecordEvents, WakeSending, DropOldEvents, DropOldEventsJob],
  exports: [DeliveriesStore, WakeSending],
})
export class DeliveriesModule {}
