import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { beginCodeImport } from '#contracts/promotions/promo-code-batches.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { BatchesStore } from './batches.store.js';
import { batchView, type Import } from './domain/code-batch.js';

type View = ReturnType<typeof batchView>;

/** Opens imports. Their rows are added in portions, because a file has any length and a message has not. */
@Injectable()
export class BeginImport {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly batches: BatchesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<RequestOf<typeof beginCodeImport>>[]): Promise<Reply<View>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, (fresh) => sequentially(fresh, ({ data }) => this.begin(tx, data.created_by))),
    );
  }

  private async begin(tx: Tx, createdBy: string): Promise<View> {
    const opened: Import = {
      id: newId(),
      kind: 'import',
      state: 'receiving',
      wanted: 0,
      done: 0,
      failed: 0,
      report: [],
      createdBy,
      createdAt: this.clock.now(),
      finishedAt: null,
    };
    await this.batches.add(tx, opened);
    return batchView(opened);
  }
}
