import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { addImportRows, beginCodeImport, runCodeImport } from '#contracts/promotions/promo-code-batches.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { AddImportRows } from './add-import-rows.js';
import { BatchQueue } from './batch-queue.js';
import { BeginImport } from './begin-import.js';
import { RunImport } from './run-import.js';

/** Imports of files, row by row. The order to run commits first; then its job is enqueued. */
@Controller()
export class ImportsConsumer {
  constructor(
    private readonly beginning: BeginImport,
    private readonly adding: AddImportRows,
    private readonly running: RunImport,
    private readonly queue: BatchQueue,
  ) {}

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
}
