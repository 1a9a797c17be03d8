import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { InvalidInput } from '#observability/problem.js';

/** Deeper than any form or JSON Schema that people write. */
const depthMax = 64;

/**
 * Refuses bodies with members inside members beyond reason. Within 64 KiB there is room for thousands of levels, and
 * whatever walks a body by calling itself (here, in the services, in the database) would run out of stack.
 */
export function boundNesting(server: FastifyInstance): void {
  server.addHook('preValidation', async ({ body }) => {
    if (body instanceof Readable || !isDeeperThan(depthMax, body)) return;
    const message = `Not more than ${depthMax} levels inside each other.`;
    throw new InvalidInput([{ field: '', code: 'TOO_DEEP', message }]);
  });
}

/** Level by level, and no further than it takes to know. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}
