import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '#kernel/clock.js';
import type { ActionsStore } from '../actions/actions.store.js';
import { isAllowed } from './job-actions.js';
import type { JobQueues } from './job-queues.js';
import { recordJobActions } from './record-job-actions.js';

const boardPath = '/queues';

/** Allows bull-board's own scripts and styles, and blocks the fonts that it would fetch from another server. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

/** A newly announced queue appears after at most this time, without a restart of ops. */
const lookEveryMs = 5_000;

/** bull-board without the routes that operators must not have, such as new ones of a later version. */
class RestrictedAdapter extends FastifyAdapter {
  override setApiRoutes(routes: Parameters<FastifyAdapter['setApiRoutes']>[0]): FastifyAdapter {
    const allowed = routes.flatMap((route) => {
      const methods = [route.method].flat().filter((method) => isAllowed(method.toUpperCase(), String(route.route)));
      return methods.length === 0 ? [] : [{ ...route, method: methods }];
    });
    return super.setApiRoutes(allowed);
  }
}

/**
 * Registers bull-board over the job queues of all services, as a Fastify plugin beside Nest's routes. The hook of
 * `OperatorsOnly` runs before it.
 */
export async function registerQueueBoard(
  server: FastifyInstance,
  queues: JobQueues,
  actions: ActionsStore,
  clock: Clock,
): Promise<void> {
  const logger = new Logger('QueueBoard');
  const adapter = new RestrictedAdapter();
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
      recordJobActions(scope, boardPath, actions, clock);
      await scope.register(adapter.registerPlugin());
    },
    { prefix: boardPath },
  );
}
