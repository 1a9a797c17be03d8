import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  addImportRows,
  beginCodeImport,
  generateCodes,
  getCodeBatch,
  runCodeImport,
} from '#contracts/promo-code-batches.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { AddImportRows } from './add-import-rows.js';
import { BatchQueue } from './batch-queue.js';
import { BatchesStore } from './batches.store.js';
import { BeginImport } from './begin-import.js';
import { batchNotFound, batchView } from './domain/code-batch.js';
import { GenerateCodes } from './generate-codes.js';
import { RunImport } from './run-import.js';

/**
 * Codes by the thousand: generations and imports. What is asked for is kept first; then the job is asked for that does
 * it.
 */
@Controller()
export class CodeBatchesConsumer {
  constructor(
    private readonly generating: GenerateCodes,
    private readonly beginning: BeginImport,
    private readonly adding: AddImportRows,
    private readonly running: RunImport,
    private readonly queue: BatchQueue,
    private readonly batches: BatchesStore,
  ) {}

  @MessagePattern<string>(generateCodes.type)
  async generate(
    @Payload(batchOf(generateCodes)) batch: CommandOf<typeof generateCodes>[],
  ): Promise<ReplyOf<typeof generateCodes>[]> {
    const replies = await this.generating.execute(batch);
    await this.queue.add(replies);
    return replies;
  }

  @MessagePattern<string>(beginCodeImport.type)
  begin(
    @Payload(batchOf(beginCodeImport)) batch: CommandOf<typeof beginCodeImport>[],
  ): Promise<ReplyOf<typeof beginCodeImport>[]> {
    return this.beginning.execute(batch);
  }

  @MessagePattern<string>(addImportRows.type)
  addRows(
    @Payload(batchOf(addImportRows)) batch: CommandOf<typeof addImportRows>[],
  ): Promise<ReplyOf<typeof addImportRows>[]> {
    return this.adding.execute(batch);
  }

  @MessagePattern<string>(runCodeImport.type)
  async run(
    @Payload(batchOf(runCodeImport)) batch: CommandOf<typeof runCodeImport>[],
  ): Promise<ReplyOf<typeof runCodeImport>[]> {
    const replies = await this.running.execute(batch);
    await this.queue.add(replies);
    return replies;
  }

  @MessagePattern<string>(getCodeBatch.type)
  get(@Payload(batchOf(getCodeBatch)) batch: QueryOf<typeof getCodeBatch>[]): Promise<ReplyOf<typeof getCodeBatch>[]> {
    return answerEach(batch, async ({ data }) => {
      const found = await this.batches.find(data.batch_id);
      if (!found) throw batchNotFound();
      return batchView(found);
    });
  }
}
