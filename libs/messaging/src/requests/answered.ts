import type { Command, Reply } from '../envelope.js';

/**
 * The commands that were answered, each with its answer; those that were refused are left out. For what follows from an
 * answer alone, such as the event that tells of it. `replies` has one for each of `batch`, in order.
 */
export function answered<Data, Answer>(
  batch: readonly Command<Data>[],
  replies: readonly Reply<Answer>[],
): { command: Command<Data>; answer: Answer }[] {
  return batch.flatMap((command, index) => {
    const reply = replies[index];
    return reply && 'answer' in reply ? [{ command, answer: reply.answer }] : [];
  });
}
