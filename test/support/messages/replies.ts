import type { Reply, Unavailable } from '#messaging/envelope.js';

/** The answer that a use case gave. @throws the Refusal that it gave instead, or an Error when there is no answer */
export function answerOf<Answer>(reply: Reply<Answer> | Unavailable | undefined): Answer {
  if (reply && 'answer' in reply) return reply.answer;
  if (reply && 'refusal' in reply) throw reply.refusal;
  throw new Error(reply?.unavailable ?? 'there is no reply');
}

/** The code of the refusal, or null when it is an answer. */
export function refusalOf(reply: Reply<unknown> | Unavailable | undefined): string | null {
  return reply && 'refusal' in reply ? reply.refusal.code : null;
}
