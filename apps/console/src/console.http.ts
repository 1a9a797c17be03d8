import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
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
  const isHttps = settings.publicUrl.protocol === 'https:';
  await server.register(helmet, { ...securityHeaders, hsts: isHttps });
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy);
  });
  refuseWrongMethods(server);
  await relayApi(server, app.get(Sessions), settings.gatewayUrl);
  servePages(server, settings.pages);
  return app;
}

const securityHeaders = {
  // The plugin would build the header anew for each request.
  contentSecurityPolicy: false,
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'same-origin' },
  // Only for browsers that are no longer in use.
  dnsPrefetchControl: false,
  hidePoweredBy: false,
  ieNoOpen: false,
  originAgentCluster: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false,
} satisfies FastifyHelmetOptions;

/**
 * The style rule that React Aria's usePress adds to a page at run time. It changes with versions of React Aria; a test
 * computes it from the installed one.
 */
export const reactAriaStyle = 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=';

/** Nothing runs, is shown or is sent that is not of this server. No text becomes a script (Trusted Types). */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' '${reactAriaStyle}'`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ');
