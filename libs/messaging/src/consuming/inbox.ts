import { Injectable } from '@nestjs/common';
import type { Transactions, Tx } from '#persistence/transaction.js';
import type { Envelope } from '../envelope.js';

/**
 * Makes the handling of a message idempotent: the row (consumer, message) commits together with the effect or not at
 * all. The broker delivers a message at least once; the inbox ignores the repeats.
 */
@Injectable()
export class Inbox {
  /**
   * The messages of `batch` that `consumer` has not handled before, in order and each once. Call it first in the
   * transaction. When another instance handles the same message at this moment, this waits for the end of its
   * transaction: after a commit the message is left out, after a rollback it is included.
   */
  async admit<Item extends Pick<Envelope, 'id'>>(tx: Tx, consumer: string, batch: readonly Item[]): Promise<Item[]> {
    if (batch.length === 0) return [];
    const once = new Map(batch.map((item) => [item.id, item]));
    // Sorted, so that two instances with overlapping batches wait for each other in one order and never deadlock.
    const admitted = await tx.query<{ message_id: string }>(
      `insert into inbox (consumer, message_id)
       select $1, message_id from unnest($2::uuid[]) as message_id order by message_id
       on conflict do nothing
       returning message_id`,
      [consumer, [...once.keys()]],
    );
    const fresh = new Set(admitted.map((row) => row.message_id));
    return [...once.values()].filter((item) => fresh.has(item.id));
  }

  /**
   * Deletes the rows of messages that were handled before `before`, in small transactions, and returns their number.
   * For a daily job. A message without a row is handled again if it is redelivered: keep rows longer than any message
   * can wait or be replayed.
   */
  async prune(transactions: Transactions, before: Temporal.Instant, { batchMax = 5_000 } = {}): Promise<number> {
    let pruned = 0;
    for (;;) {
      const [batch] = await transactions.query<{ count: number }>(
        `with old as (
           delete from inbox where ctid = any (array(select ctid from inbox where received_at < $1 limit $2))
           returning 1
         ) select count(*) as count from old`,
        [before, batchMax],
      );
      const count = batch?.count ?? 0;
      pruned += count;
      if (count < batchMax) return pruned;
    }
  }
}
