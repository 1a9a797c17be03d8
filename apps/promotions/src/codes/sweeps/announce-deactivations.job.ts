import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { AnnounceDeactivations } from './announce-deactivations.js';

export const announceDeactivationsJob = defineJob({
  name: 'promotions.announce-deactivations',
  about: 'Announces codes that are used up. Their last use deactivated them; this job only logs and counts them.',
  data: z.object({}),
  id: () => 'announce-deactivations',
  attempts: 3,
  backoffMs: 5_000,
  concurrency: 1,
});

@Injectable()
export class AnnounceDeactivationsJob {
  constructor(private readonly announceDeactivations: AnnounceDeactivations) {}

  @JobHandler(announceDeactivationsJob)
  async run(): Promise<void> {
    await this.announceDeactivations.execute();
  }
}
