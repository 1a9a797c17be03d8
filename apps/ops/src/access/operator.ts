import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { assert } from '#kernel/assert.js';

const operators = new WeakMap<object, string>();

/** Stores the operator of a request, until the request ends. */
export function setOperator(request: FastifyRequest, subject: string): void {
  operators.set(request, subject);
}

/** The operator of a request: the subject of the token. @throws BrokenInvariant on a route that is open to everybody */
export function operatorOf(request: FastifyRequest): string {
  const subject = operators.get(request);
  assert(subject !== undefined, 'the request has an operator');
  return subject;
}

/** A controller's parameter: the subject of the operator's token. */
export const Operator = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  operatorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
