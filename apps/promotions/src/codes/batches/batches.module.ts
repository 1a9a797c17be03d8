import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { PromotionsSettings } from '../../promotions.config.js';
import { CodesModule } from '../codes.module.js';
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

/** Codes by the thousand, created by jobs: generations of a pattern and imports of a file. */
@Module({
  imports: [
    CodesModule,
    JobsModule.forFeature({
      jobs: [generateCodesJob, importCodesJob, sweepCodeBatchesJob],
      schedules: {
        inject: [PromotionsSettings],
        useFactory: ({ sweepEveryMs }: PromotionsSettings) => [
          { job: sweepCodeBatchesJob, data: {}, everyMs: sweepEveryMs },
        ],
      },
    }),
  ],
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
})
export class BatchesModule {}
