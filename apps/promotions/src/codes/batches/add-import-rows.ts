import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { addImportRows } from '#contracts/promotions/promo-code-batches.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { BatchesStore } from './batches.store.js';
import { batchNotFound } from './domain/code-batch.js';

type Request = RequestOf<typeof addImportRows>;
type Added = { batch_id: string; wanted: number };

/** Stores rows of a file as they were received. A job checks them once all rows have arrived. */
@Injectable()
export class AddImportRows {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly batches: BatchesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<Added>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, (fresh) => sequentially(fresh, ({ data }) => this.add(tx, data))),
    );
  }

  private async add(tx: Tx, { batch_id: batchId, first_row: firstRow, rows }: Request): Promise<Added> {
    const batch = await this.batches.lock(tx, batchId);
    if (batch?.kind !== 'import') throw batchNotFound();
    if (batch.state !== 'receiving') {
      throw new Refusal('CODE_BATCH_CLOSED', 'All rows of this import have arrived already.', { state: batch.state });
    }
    const added = await this.batches.addRows(
      tx,
      batchId,
      rows.map((cells, index) => ({ rowNo: firstRow + index, cells })),
    );
    const wanted = batch.wanted + added;
    await this.batches.save(tx, { ...batch, wanted }, this.clock.now());
    return { batch_id: batchId, wanted };
  }
}
