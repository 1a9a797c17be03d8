import { Refusal } from '#kernel/refusal.js';
import type { Reply } from './envelope.js';

/**
 * For commands that gain nothing from being a set: each is decided by itself, one after the other, in the transaction
 * of the batch. `decide` must have written nothing yet when it throws a Refusal, which becomes that item's answer;
 * any other error undoes the batch.
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
