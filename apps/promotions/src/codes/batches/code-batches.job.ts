import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob, type JobData } from '#jobs/job.js';
import { JobHandler, type JobRun } from '#jobs/job-handler.js';
import { Clock } from '#kernel/clock.js';
import { AbandonImports } from './abandon-imports.js';
import { generateCodesJob, importCodesJob } from './batch-queue.js';
import { BatchesStore } from './batches.store.js';
import { type CodeBatch, isUnfinished, percentOf } from './domain/code-batch.js';
import { DrawCodes } from './draw-codes.js';
import { ImportRows } from './import-rows.js';

export const sweepCodeBatchesJob = defineJob({
  name: 'promotions.sweep-code-batches',
  about: 'Finishes the generations and imports that no job came for or that a job gave up, and abandons half imports.',
  data: z.object({}),
  id: () => 'sweep-code-batches',
  attempts: 3,
  backoffMs: 5_000,
  concurrency: 1,
});

/** A job that works touches its batch more often than this. */
const stillMinutes = 1;

/** Does what generations and imports ask for, step by step, and picks up those whose job was lost. */
@Injectable()
export class CodeBatchesJob {
  constructor(
    private readonly drawCodes: DrawCodes,
    private readonly importRows: ImportRows,
    private readonly abandonImports: AbandonImports,
    private readonly batches: BatchesStore,
    private readonly clock: Clock,
  ) {}

  @JobHandler(generateCodesJob)
  generate({ batch_id: batchId }: JobData<typeof generateCodesJob>, { progress }: Pick<JobRun, 'progress'>) {
    return finish(() => this.drawCodes.execute(batchId), progress);
  }

  @JobHandler(importCodesJob)
  import({ batch_id: batchId }: JobData<typeof importCodesJob>, { progress }: Pick<JobRun, 'progress'>) {
    return finish(() => this.importRows.execute(batchId), progress);
  }

  /**
   * Does the work itself: the id of a job that failed for good is not free. A batch that fails holds up no other, and
   * is told of once the others are through.
   */
  @JobHandler(sweepCodeBatchesJob)
  async sweep(): Promise<void> {
    const before = this.clock.now().subtract({ minutes: stillMinutes });
    const errors: unknown[] = [];
    for (const { id, kind } of await this.batches.untouched(['waiting', 'running'], before)) {
      const steps = kind === 'generate' ? this.drawCodes : this.importRows;
      await finish(() => steps.execute(id)).catch((error: unknown) => errors.push(error));
    }
    await this.abandonImports.execute().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, 'some batches could not be finished');
  }
}

async function finish(
  step: () => Promise<CodeBatch | null>,
  tell: (percent: number) => Promise<void> = async () => {},
): Promise<void> {
  for (;;) {
    const stands = await step();
    if (!stands) return;
    await tell(percentOf(stands));
    if (!isUnfinished(stands)) return;
  }
}
