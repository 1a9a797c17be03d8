import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { AdvanceSubscriptions } from './advance-subscriptions.js';

export const sweepSubscriptionsJob = defineJob({
  name: 'subscriptions.sweep-subscriptions',
  about: 'Opens the orders of periods that are due, reminds and suspends persons who have not paid, ends what is over.',
  data: z.object({}),
  id: () => 'sweep-subscriptions',
  attempts: 3,
  backoffMs: 1_000,
  concurrency: 1,
});

/** Redis only wakes the sweep: Postgres has all that is due. After an outage each instant of it follows in order. */
@Injectable()
export class SweepSubscriptionsJob {
  constructor(private readonly advanceSubscriptions: AdvanceSubscriptions) {}

  @JobHandler(sweepSubscriptionsJob)
  async sweep(): Promise<void> {
    while ((await this.advanceSubscriptions.execute()) > 0);
  }
}
