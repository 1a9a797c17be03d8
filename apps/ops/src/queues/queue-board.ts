import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { operatorOf } from '../access/operator.js';
import type { JobQueues } from './job-queues.js';

const boardPath = '/queues';

/** Its scripts and styles are its own; the fonts that it would fetch from elsewhere are left where they are. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

/** A service that has just begun to announce a queue should appear without a restart of this one. */
const lookEveryMs = 5_000;

/**
 * bull-board over every job queue of every service. It is a Fastify plugin of its own beside Nest's routes; the hook
 * that lets only operators in stands before it as before everything else.
 */
export async function registerQueueBoard(server: FastifyInstance, queues: JobQueues): Promise<void> {
  const logger = new Logger('QueueBoard');
  const adapter = new FastifyAdapter();
  adapter.setBasePath(boardPath);
  const board = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: {
      uiConfig: { boardTitle: 'Matricula jobs', miscLinks: [{ text: 'Overview', url: '/' }] },
    },
  });
  let lookedAt = Number.NEGATIVE_INFINITY;

  const look = async () => {
    if (performance.now() - lookedAt < lookEveryMs) return;
    lookedAt = performance.now();
    try {
      board.replaceQueues((await queues.all()).map((queue) => new BullMQAdapter(queue)));
    } catch (error) {
      lookedAt = Number.NEGATIVE_INFINITY;
      logger.warn({ err: error }, 'the queues cannot be listed');
    }
  };

  await server.register(
    async (scope) => {
      scope.addHook('preHandler', look);
      scope.addHook('onSend', async (_request, reply) => {
        reply.header('content-security-policy', contentSecurityPolicy);
      });
      scope.addHook('onResponse', async (request, reply) => {
        if (request.method === 'GET') return;
        const { method, url } = request;
        logger.log(
          { operator: operatorOf(request), method, url, status: reply.statusCode },
          'an operator changed jobs',
        );
      });
      await scope.register(adapter.registerPlugin());
    },
    { prefix: boardPath },
  );
}
