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
  about: 'Finishes generations and imports whose job was lost or failed, and abandons imports without an end.',
  data: z.object({}),
  id: () => 'sweep-code-batches',
  attempts: 3,
  backoffMs: 5_000,
  concurrency: 1,
});

/** A running job updates its batch more often than this. */
const stillMinutes = 1;

/** Runs generations and imports step by step, and those whose job was lost. */
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
   * Runs the batches itself, because the id of a job that failed for good is not free. A batch that fails delays no
   * other; its error is thrown after all others ran.
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
  reportProgress: (percent: number) => Promise<void> = async () => {},
): Promise<void> {
  for (;;) {
    const batch = await step();
    if (!batch) return;
    await reportProgress(percentOf(batch));
    if (!isUnfinished(batch)) return;
  }
}
