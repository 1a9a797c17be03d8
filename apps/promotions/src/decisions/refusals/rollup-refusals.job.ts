import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { RollUpRefusals } from './roll-up-refusals.js';

export const rollupRefusalsJob = defineJob({
  name: 'promotions.rollup-refusals',
  about: 'Adds the refusals since the last time to the sums per code, day and reason.',
  data: z.object({}),
  id: () => 'rollup-refusals',
  attempts: 3,
  backoffMs: 1_000,
  concurrency: 1,
});

@Injectable()
export class RollupRefusalsJob {
  constructor(private readonly rollUp: RollUpRefusals) {}

  @JobHandler(rollupRefusalsJob)
  async run(): Promise<void> {
    await this.rollUp.execute();
  }
}
