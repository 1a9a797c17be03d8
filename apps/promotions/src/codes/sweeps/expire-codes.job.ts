import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { ExpireCodes } from './expire-codes.js';

export const expireCodesJob = defineJob({
  name: 'promotions.expire-codes',
  about: 'Sets codes to expired whose validity has ended. The clock decides at each use; this job only tidies.',
  data: z.object({}),
  id: () => 'expire-codes',
  attempts: 3,
  backoffMs: 5_000,
  concurrency: 1,
});

@Injectable()
export class ExpireCodesJob {
  constructor(private readonly expireCodes: ExpireCodes) {}

  @JobHandler(expireCodesJob)
  async run(): Promise<void> {
    await this.expireCodes.execute();
  }
}
