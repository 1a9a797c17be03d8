import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { LapseHolds } from './lapse-holds.js';

export const releaseLapsedHoldsJob = defineJob({
  name: 'promotions.release-lapsed-holds',
  about: 'Lapses holds of orders that were never opened. It finds them in Postgres; Redis only schedules it.',
  data: z.object({}),
  id: () => 'release-lapsed-holds',
  attempts: 3,
  backoffMs: 1_000,
  concurrency: 1,
});

/** Rounds of one sweep; the next sweep finds the rest. */
const roundsMax = 100;

@Injectable()
export class ReleaseLapsedHoldsJob {
  constructor(private readonly lapseHolds: LapseHolds) {}

  @JobHandler(releaseLapsedHoldsJob)
  async sweep(): Promise<void> {
    for (let round = 1; round <= roundsMax; round += 1) {
      const mayBeMore = await this.lapseHolds.execute();
      if (!mayBeMore) return;
    }
  }
}
