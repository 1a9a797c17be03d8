import { Refusal } from '#kernel/refusal.js';
import type { Reply } from '../envelope.js';

/**
 * Decides the items of a batch one after the other, in the transaction of the batch. For commands that gain nothing
 * from a batch. A Refusal that `decide` throws is the reply to that item, so `decide` must have written nothing by
 * then; any other error rolls back the batch.
 */
export async function sequentially<Item, Answer>(
  items: readonly Item[],
  decide: (item: Item) => Promise<Answer>,
): Promise<Reply<Answer>[]> {
  const replies: Reply<Answer>[] = [];
  for (const item of items) {
    try {
      replies.push({ answer: await decide(item) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      replies.push({ refusal: error });
    }
  }
  return replies;
}
