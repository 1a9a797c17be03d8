import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { generateCodes, getCodeBatch, listCodeBatches } from '#contracts/promotions/promo-code-batches.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { mapPage } from '#persistence/paging.js';
import { BatchQueue } from './batch-queue.js';
import { BatchesStore } from './batches.store.js';
import { batchNotFound, batchView, listedBatchView } from './domain/code-batch.js';
import { GenerateCodes } from './generate-codes.js';

/** Generations of codes, and the state of each batch. A generation commits first; then its job is enqueued. */
@Controller()
export class CodeBatchesConsumer {
  constructor(
    private readonly generating: GenerateCodes,
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

  @MessagePattern<string>(getCodeBatch.type)
  get(@Payload(batchOf(getCodeBatch)) batch: QueryOf<typeof getCodeBatch>[]): Promise<ReplyOf<typeof getCodeBatch>[]> {
    return answerEach(batch, async ({ data }) => {
      const found = await this.batches.find(data.batch_id);
      if (!found) throw batchNotFound();
      return batchView(found);
    });
  }

  @MessagePattern<string>(listCodeBatches.type)
  list(
    @Payload(batchOf(listCodeBatches)) batch: QueryOf<typeof listCodeBatches>[],
  ): Promise<ReplyOf<typeof listCodeBatches>[]> {
    return answerEach(batch, async ({ data }) => mapPage(await this.batches.list(data, data), listedBatchView));
  }
}
