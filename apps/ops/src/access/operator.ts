import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { assert } from '#kernel/assert.js';

const operators = new WeakMap<object, string>();

/** Remembers for the length of the request who asks. */
export function setOperator(request: FastifyRequest, subject: string): void {
  operators.set(request, subject);
}

/** The subject of the token of whoever asks. @throws BrokenInvariant where no operator was let in */
export function operatorOf(request: FastifyRequest): string {
  const subject = operators.get(request);
  assert(subject !== undefined, 'nobody but an operator gets here');
  return subject;
}

/** The subject of the operator's token. */
export const Operator = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  operatorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
