import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { RollUp } from './roll-up.js';

export const rollupAnalyticsJob = defineJob({
  name: 'promotions.rollup-analytics',
  about: 'Adds what was used and reversed since the last time to the sums per code, offer and day.',
  data: z.object({}),
  id: () => 'rollup-analytics',
  attempts: 3,
  backoffMs: 1_000,
  concurrency: 1,
});

@Injectable()
export class RollupAnalyticsJob {
  constructor(private readonly rollUp: RollUp) {}

  @JobHandler(rollupAnalyticsJob)
  async run(): Promise<void> {
    await this.rollUp.execute();
  }
}
