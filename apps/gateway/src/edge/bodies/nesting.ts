import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { InvalidInput } from '#http/problem.js';
import { isDeeperThan } from '#kernel/nesting.js';

/** More levels than any JSON Schema in use has. */
const depthMax = 64;

/** Refuses deeply nested bodies before any recursive code reads them: here, in the services, in the database. */
export function limitNesting(server: FastifyInstance): void {
  server.addHook('preValidation', async ({ body }) => {
    if (body instanceof Readable || !isDeeperThan(depthMax, body)) return;
    const message = `At most ${depthMax} levels of nesting.`;
    throw new InvalidInput([{ field: '', code: 'TOO_DEEP', message }]);
  });
}
