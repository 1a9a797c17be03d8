import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { Clock } from '#kernel/clock.js';
import { RejectedRequestsStore } from './rejected-requests.store.js';

/** Long enough to look into a wrong secret or an attack. Authentic requests stay for ever. */
const keptDays = 30;

/** Rows of one transaction: none of them holds up the notifications that come meanwhile. */
const batchMax = 500;

export const pruneRejectedJob = defineJob({
  name: 'payments.prune-rejected-webhooks',
  about: `Deletes requests that were rejected more than ${keptDays} days ago: bad signatures, unknown providers.`,
  data: z.object({}),
  id: () => 'prune-rejected-webhooks',
  attempts: 3,
  backoffMs: 60_000,
  concurrency: 1,
});

@Injectable()
export class PruneRejectedJob {
  constructor(
    private readonly store: RejectedRequestsStore,
    private readonly clock: Clock,
  ) {}

  @JobHandler(pruneRejectedJob)
  async prune(): Promise<void> {
    const before = this.clock.now().subtract({ hours: 24 * keptDays });
    while ((await this.store.deleteBefore(before, batchMax)) === batchMax);
  }
}
