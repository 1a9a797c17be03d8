import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { createHttpServer } from '#http/http-server.js';
import { refuseWrongMethods } from '#http/wrong-methods.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { servePages } from './assets/serve-pages.js';
import type { ConsoleSettings } from './console.config.js';
import { ConsoleModule } from './console.module.js';
import { consoleProblems } from './console.problems.js';
import { relayApi } from './relay/relay.js';
import { setSecurityHeaders } from './security-headers.js';
import { Sessions } from './session/sessions.js';

const headersTimeoutMs = 10_000;

/** Creates the console's server: sign-in below `/auth`, the gateway below `/api`, and pages everywhere else. */
export async function createConsole(
  settings: ConsoleSettings,
  clock: Clock = new SystemClock(),
): Promise<NestFastifyApplication> {
  const app = await createHttpServer(ConsoleModule.with(settings, clock), {
    service: 'console',
    logLevel: settings.logLevel,
    problems: consoleProblems,
    trustProxy: settings.trustProxy,
  });
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  server.server.maxConnections = settings.connectionsMax;
  server.server.headersTimeout = headersTimeoutMs;
  await setSecurityHeaders(server, settings.publicUrl);
  refuseWrongMethods(server);
  await relayApi(server, app.get(Sessions), settings.gatewayUrl);
  servePages(server, settings.pages);
  return app;
}
