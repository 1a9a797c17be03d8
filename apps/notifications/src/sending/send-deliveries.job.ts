import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { SendDeliveries } from './send-deliveries.js';

export const sendDeliveriesJob = defineJob({
  name: 'notifications.send-deliveries',
  about: 'Wakes the sending of webhooks: retries that are due, and what a crashed instance had claimed.',
  data: z.object({}),
  id: () => 'send-deliveries',
  attempts: 1,
  backoffMs: 1_000,
  concurrency: 1,
});

@Injectable()
export class SendDeliveriesJob {
  constructor(private readonly sendDeliveries: SendDeliveries) {}

  @JobHandler(sendDeliveriesJob)
  async run(): Promise<void> {
    await this.sendDeliveries.execute();
  }
}
