import { Injectable } from '@nestjs/common';
import type { Transactions, Tx } from '#persistence/transaction.js';
import type { Envelope } from '../envelope.js';

/**
 * Makes handling a message twice the same as handling it once: the row (consumer, message) commits together with the
 * effect or not at all. Messages are delivered at least once; this is where the repeats end.
 */
@Injectable()
export class Inbox {
  /**
   * Those of `batch` that `consumer` has not handled before, in order; a repeat inside the batch is left out as well.
   * Call it first in the transaction. When another instance handles the same message at this moment, this waits for
   * that transaction's end: if it commits, the message is not fresh here; if it fails, it is.
   */
  async admit<Item extends Pick<Envelope, 'id'>>(tx: Tx, consumer: string, batch: readonly Item[]): Promise<Item[]> {
    if (batch.length === 0) return [];
    const once = new Map(batch.map((item) => [item.id, item]));
    // Sorted, so that two instances with overlapping batches queue up behind each other and never deadlock.
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
   * Forgets messages that were handled before `before`, in small transactions, and says how many. For a daily job.
   * What is forgotten would be handled again if it came again: keep longer than any message can wait or be replayed.
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
