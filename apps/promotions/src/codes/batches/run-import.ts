import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { runCodeImport } from '#contracts/promotions/promo-code-batches.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { BatchesStore } from './batches.store.js';
import { batchNotFound, batchView } from './domain/code-batch.js';

type Request = RequestOf<typeof runCodeImport>;
type View = ReturnType<typeof batchView>;

/** Closes an import: all its rows have arrived, and a job creates the codes. */
@Injectable()
export class RunImport {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly batches: BatchesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<View>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, (fresh) => sequentially(fresh, ({ data }) => this.run(tx, data))),
    );
  }

  private async run(tx: Tx, { batch_id: batchId, rows }: Request): Promise<View> {
    const batch = await this.batches.lock(tx, batchId);
    if (batch?.kind !== 'import') throw batchNotFound();
    if (rows !== undefined && rows !== batch.wanted) {
      throw new Refusal('IDEMPOTENCY_KEY_REUSED', 'This key was used before with another file.', {
        rows,
        arrived: batch.wanted,
      });
    }
    if (batch.state !== 'receiving') return batchView(batch);
    const waiting = { ...batch, state: 'waiting' as const };
    await this.batches.save(tx, waiting, this.clock.now());
    return batchView(waiting);
  }
}
