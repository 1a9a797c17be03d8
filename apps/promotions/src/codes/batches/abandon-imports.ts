import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { BatchesStore } from './batches.store.js';

/** Longer than the transfer of any file takes. */
const receivingHours = 24;

/** Abandons imports whose rows stopped arriving because their sender is gone. */
@Injectable()
export class AbandonImports {
  constructor(
    private readonly transactions: Transactions,
    private readonly batches: BatchesStore,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    for (const { id } of await this.batches.untouched(['receiving'], now.subtract({ hours: receivingHours }))) {
      await this.transactions.run(async (tx) => {
        const batch = await this.batches.lock(tx, id);
        if (batch?.state !== 'receiving') return;
        await this.batches.dropRows(tx, id);
        await this.batches.save(tx, { ...batch, state: 'abandoned', finishedAt: now }, now);
      });
    }
  }
}
