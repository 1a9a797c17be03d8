import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import type { Command, Reply } from '../envelope.js';

/** The reply to one item of a batch: its refusal, or the answer that `view` makes of the result. */
export function replyOf<Result, Answer>(
  result: Result | Refusal,
  view: (result: Exclude<Result, Refusal>) => Answer,
): Reply<Answer> {
  return result instanceof Refusal ? { refusal: result } : { answer: view(result as Exclude<Result, Refusal>) };
}

/**
 * The commands that were answered, each with its answer; refused commands are left out. For what follows from an answer
 * alone, such as the event about it. `replies` has one reply per command, in the same order.
 */
export function answered<Data, Answer>(
  batch: readonly Command<Data>[],
  replies: readonly Reply<Answer>[],
): { command: Command<Data>; answer: Answer }[] {
  return zip(batch, replies).flatMap(([command, reply]) =>
    'answer' in reply ? [{ command, answer: reply.answer }] : [],
  );
}
