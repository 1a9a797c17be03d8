import { Injectable, Logger } from '@nestjs/common';
import { Jobs } from '#jobs/jobs.js';
import type { Reply } from '#messaging/envelope.js';
import { generateCodesJob, importCodesJob } from './code-batches.job.js';

type Asked = Reply<{ readonly batch_id: string; readonly kind: 'generate' | 'import'; readonly state: string }>;

/** Asks for the jobs of batches that committed. What is lost here, because Redis is away, the sweep finds in Postgres. */
@Injectable()
export class BatchQueue {
  private readonly logger = new Logger(BatchQueue.name);

  constructor(private readonly jobs: Jobs) {}

  async add(replies: readonly Asked[]): Promise<void> {
    for (const reply of replies) {
      if (!('answer' in reply) || reply.answer.state !== 'waiting') continue;
      const { batch_id, kind } = reply.answer;
      try {
        await this.jobs.enqueue(kind === 'generate' ? generateCodesJob : importCodesJob, { batch_id });
      } catch (error) {
        this.logger.warn({ err: error, batch_id }, 'the batch is left to the sweep');
      }
    }
  }
}
