import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { createHttpServer } from '#http/http-server.js';
import { OperatorsOnly } from './access/operators-only.js';
import type { OpsSettings } from './ops.config.js';
import { OpsModule } from './ops.module.js';
import { opsProblems } from './ops.problems.js';
import { JobQueues } from './queues/job-queues.js';
import { registerQueueBoard } from './queues/queue-board.js';

/** The operators' server. A hook checks the token before Fastify looks for a route. */
export async function createOps(settings: OpsSettings): Promise<NestFastifyApplication> {
  const app = await createHttpServer(OpsModule.with(settings), {
    service: 'ops',
    logLevel: settings.logLevel,
    problems: opsProblems,
    trustProxy: settings.trustProxy,
  });
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const access = app.get(OperatorsOnly);
  server.addHook('onRequest', (request, reply) => access.admit(request, reply));
  server.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' });
  });
  await registerQueueBoard(server, app.get(JobQueues));
  return app;
}
