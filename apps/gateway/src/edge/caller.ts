import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '#identity/verify-token.js';
import { Refusal } from '#kernel/refusal.js';

/** Whoever sent the request. */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().caller,
);

/** The command id of a request that changes something: follows from the Idempotency-Key, or is new. */
export const CommandId = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().commandId,
);

/** Whose things the caller may see: a member only their own; null is everybody's. */
export function visibleTo({ role, subject }: Identity): string | null {
  return role === 'member' ? subject : null;
}

/** @throws Refusal PERSON_NOT_FOUND when a member asks for somebody else: to them nobody else is there. */
export function mustSee(caller: Identity, personId: string): void {
  const whose = visibleTo(caller);
  if (whose !== null && whose !== personId) {
    throw new Refusal('PERSON_NOT_FOUND', 'There is no such person.', { personId });
  }
}

/** Says where the new thing is found. */
export function created<Answer>(reply: FastifyReply, location: string, answer: Answer): Answer {
  reply.header('location', location);
  return answer;
}
