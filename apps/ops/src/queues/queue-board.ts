import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { JobQueues } from './job-queues.js';

const boardPath = '/queues';

/** Allows bull-board's own scripts and styles, and blocks the fonts that it would fetch from another server. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

/** A newly announced queue appears after at most this time, without a restart of ops. */
const lookEveryMs = 5_000;

/** bull-board without the routes that change something: operators change jobs on the page of jobs, with a record. */
class ReadingAdapter extends FastifyAdapter {
  override setApiRoutes(routes: Parameters<FastifyAdapter['setApiRoutes']>[0]): FastifyAdapter {
    return super.setApiRoutes(routes.filter(({ method }) => [method].flat().join().toUpperCase() === 'GET'));
  }
}

/**
 * Registers bull-board over the job queues of all services, as a Fastify plugin beside Nest's routes. The hook of
 * `OperatorsOnly` runs before it. It only shows: read-only queues have no buttons.
 */
export async function registerQueueBoard(server: FastifyInstance, queues: JobQueues): Promise<void> {
  const logger = new Logger('QueueBoard');
  const adapter = new ReadingAdapter();
  adapter.setBasePath(boardPath);
  const board = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'Matricula jobs',
        miscLinks: [
          { text: 'Overview', url: '/' },
          { text: 'Retry failed jobs', url: '/jobs' },
        ],
      },
    },
  });
  let lookedAt = Number.NEGATIVE_INFINITY;

  const look = async () => {
    if (performance.now() - lookedAt < lookEveryMs) return;
    lookedAt = performance.now();
    try {
      board.replaceQueues((await queues.all()).map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })));
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
      await scope.register(adapter.registerPlugin());
    },
    { prefix: boardPath },
  );
}
