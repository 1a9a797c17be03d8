import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { InvalidInput } from '#http/problem.js';
import { isDeeperThan } from '#kernel/nesting.js';

/** Deeper than any form or JSON Schema that people write. */
const depthMax = 64;

/**
 * Refuses bodies with members inside members beyond reason, before anything walks one: here, in the services, in the
 * database.
 */
export function boundNesting(server: FastifyInstance): void {
  server.addHook('preValidation', async ({ body }) => {
    if (body instanceof Readable || !isDeeperThan(depthMax, body)) return;
    const message = `Not more than ${depthMax} levels inside each other.`;
    throw new InvalidInput([{ field: '', code: 'TOO_DEEP', message }]);
  });
}
