import type { Feature } from '#jobs/feature.js';
import type { PromotionsSettings } from '../promotions.config.js';
import { AbandonImports } from './abandon-imports.js';
import { AddImportRows } from './add-import-rows.js';
import { BatchQueue, generateCodesJob, importCodesJob } from './batch-queue.js';
import { BatchesStore } from './batches.store.js';
import { BeginImport } from './begin-import.js';
import { ChangeCode } from './change-code.js';
import { CodeBatchesConsumer } from './code-batches.consumer.js';
import { CodeBatchesJob, sweepCodeBatchesJob } from './code-batches.job.js';
import { CodesConsumer } from './codes.consumer.js';
import { CodesStore } from './codes.store.js';
import { CreateCode } from './create-code.js';
import { DrawCodes } from './draw-codes.js';
import { ExpireCodesJob, expireCodesJob } from './expire-codes.job.js';
import { ExpireCodes } from './expire-codes.js';
import { GenerateCodes } from './generate-codes.js';
import { ImportRows } from './import-rows.js';
import { MoveCodeStatus } from './move-code-status.js';
import { ReadCodes } from './read-codes.js';
import { ReadPublisherCodes } from './read-publisher-codes.js';
import { RunImport } from './run-import.js';

export const codes: Feature<PromotionsSettings> = {
  controllers: [CodesConsumer, CodeBatchesConsumer],
  providers: [
    CodesStore,
    BatchesStore,
    CreateCode,
    ChangeCode,
    MoveCodeStatus,
    ReadCodes,
    ReadPublisherCodes,
    ExpireCodes,
    ExpireCodesJob,
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
  jobs: [expireCodesJob, generateCodesJob, importCodesJob, sweepCodeBatchesJob],
  schedules: ({ sweepEveryMs }) => [
    { job: expireCodesJob, data: {}, everyMs: sweepEveryMs },
    { job: sweepCodeBatchesJob, data: {}, everyMs: sweepEveryMs },
  ],
};
