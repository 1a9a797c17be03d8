import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { DropOldEvents } from './drop-old-events.js';

export const dropOldEventsJob = defineJob({
  name: 'notifications.drop-old-events',
  about: 'Deletes events with their deliveries and attempts after the days of WEBHOOK_DAYS_KEPT.',
  data: z.object({}),
  id: () => 'drop-old-events',
  attempts: 3,
  backoffMs: 60_000,
  concurrency: 1,
});

@Injectable()
export class DropOldEventsJob {
  constructor(private readonly dropOldEvents: DropOldEvents) {}

  @JobHandler(dropOldEventsJob)
  async run(): Promise<void> {
    await this.dropOldEvents.execute();
  }
}
