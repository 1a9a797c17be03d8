import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '#identity/claims.js';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';

/** The bearer of a request's token, and the person that a member is. */
export interface CallerIdentity extends Identity {
  /** Of a member: their id as a person, registered or not. Null for other roles. */
  readonly personId: string | null;
}

/** The bearer of the request's token. */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().caller,
);

/** The name of the outside system that signed the request; undefined for a request with a token. */
export const Sender = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().sender,
);

/** The command of a request that changes something. Its id follows from the Idempotency-Key, or is new. */
export const Command = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().command,
);

/** The person whose data the caller may see: a member sees their own, every other role sees all (null). */
export function visibleTo({ role, personId }: CallerIdentity): string | null {
  // Null would show a member everything.
  assert(role !== 'member' || personId !== null, 'a member has a person');
  return role === 'member' ? personId : null;
}

/** @throws Refusal PERSON_NOT_FOUND when a member requests another person's data */
export function assertOwner(caller: CallerIdentity, personId: string): void {
  const owner = visibleTo(caller);
  if (owner !== null && owner !== personId) {
    throw personNotFound(personId);
  }
}

/** The person does not exist, or the caller may not see them. */
export function personNotFound(personId: string): Refusal {
  return new Refusal('PERSON_NOT_FOUND', 'There is no such person.', { personId });
}

/** Sets the Location header of a new resource, and returns the answer. */
export function created<Answer>(reply: FastifyReply, location: string, answer: Answer): Answer {
  reply.header('location', location);
  return answer;
}
