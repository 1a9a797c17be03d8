import { Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { Jobs } from '#jobs/jobs.js';
import type { Reply } from '#messaging/envelope.js';

const batch = z.object({ batch_id: z.uuid() });

export const generateCodesJob = defineJob({
  name: 'promotions.generate-codes',
  about: 'Creates the requested codes of a pattern, some thousands at a time.',
  data: batch,
  id: ({ batch_id: batchId }) => `generate-codes-${batchId}`,
  attempts: 10,
  backoffMs: 1_000,
  concurrency: 1,
});

export const importCodesJob = defineJob({
  name: 'promotions.import-codes',
  about: 'Creates codes from the rows of a file, a thousand at a time.',
  data: batch,
  id: ({ batch_id: batchId }) => `import-codes-${batchId}`,
  attempts: 10,
  backoffMs: 1_000,
  concurrency: 1,
});

type BatchReply = Reply<{ readonly batch_id: string; readonly kind: 'generate' | 'import'; readonly state: string }>;

/** Enqueues the jobs of batches that committed. If Redis is away, the sweep finds the batch in Postgres. */
@Injectable()
export class BatchQueue {
  private readonly logger = new Logger(BatchQueue.name);

  constructor(private readonly jobs: Jobs) {}

  async add(replies: readonly BatchReply[]): Promise<void> {
    for (const reply of replies) {
      if (!('answer' in reply) || reply.answer.state !== 'waiting') continue;
      const { batch_id, kind } = reply.answer;
      try {
        await this.jobs.enqueue(kind === 'generate' ? generateCodesJob : importCodesJob, { batch_id });
      } catch (error) {
        this.logger.warn(
          { err: error, batch_id },
          'the job of the batch was not enqueued; the sweep will run the batch',
        );
      }
    }
  }
}
