import type { Feature } from '#jobs/feature.js';
import type { PromotionsSettings } from '../../promotions.config.js';
import { AbandonImports } from './abandon-imports.js';
import { AddImportRows } from './add-import-rows.js';
import { BatchQueue, generateCodesJob, importCodesJob } from './batch-queue.js';
import { BatchesStore } from './batches.store.js';
import { BeginImport } from './begin-import.js';
import { CodeBatchesConsumer } from './code-batches.consumer.js';
import { CodeBatchesJob, sweepCodeBatchesJob } from './code-batches.job.js';
import { DrawCodes } from './draw-codes.js';
import { GenerateCodes } from './generate-codes.js';
import { ImportRows } from './import-rows.js';
import { ImportsConsumer } from './imports.consumer.js';
import { RunImport } from './run-import.js';

export const batches: Feature<PromotionsSettings> = {
  controllers: [CodeBatchesConsumer, ImportsConsumer],
  providers: [
    BatchesStore,
    GenerateCodes,
    DrawCodes,
    BeginImport,
    AddImportRows,
    RunImport,
    ImportRows,
    AbandonImports,
    BatchQueue,
    CodeBatchesJob,
  ],
  jobs: [generateCodesJob, importCodesJob, sweepCodeBatchesJob],
  schedules: ({ sweepEveryMs }) => [{ job: sweepCodeBatchesJob, data: {}, everyMs: sweepEveryMs }],
};
