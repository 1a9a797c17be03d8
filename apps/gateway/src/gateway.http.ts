import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { createHttpServer } from '#http/http-server.js';
import { refuseWrongMethods } from '#http/wrong-methods.js';
import { IssuerUnavailable } from '#identity/verify-token.js';
import { faultOf } from '#messaging/faults.js';
import { openApiDocument } from './documents/openapi.js';
import { Admission } from './edge/admission/admission.js';
import { allowOrigins } from './edge/admission/allowed-origins.js';
import { acceptCsvBodies, limitBodyTimes } from './edge/bodies/csv-bodies.js';
import { acceptJsonBodies } from './edge/bodies/json-bodies.js';
import { limitNesting } from './edge/bodies/nesting.js';
import { problemStatuses } from './edge/endpoint/problem-kinds.js';
import type { GatewaySettings } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';

const bodyLimitBytes = 64 * 1024;
const headersTimeoutMs = 10_000;

/** Creates the gateway. It connects to nothing before it is initialised, so the API documents need no servers. */
export async function createGateway(settings: GatewaySettings): Promise<NestFastifyApplication> {
  const app = await createHttpServer(GatewayModule.with(settings), {
    service: 'gateway',
    logLevel: settings.logLevel,
    bodyLimitBytes,
    trustProxy: settings.trustProxy,
    problems: {
      statuses: problemStatuses,
      isUnavailable: (error) => error instanceof IssuerUnavailable || faultOf(error) === 'unavailable',
    },
  });
  const server = app.getHttpAdapter().getInstance();
  server.server.maxConnections = settings.connectionsMax;
  server.server.headersTimeout = headersTimeoutMs;
  limitBodyTimes(server);
  await server.register(helmet, securityHeaders);
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy);
  });
  allowOrigins(server, settings.corsOrigins);
  refuseWrongMethods(server);
  limitNesting(server);
  await app.get(Admission).guard(server);
  acceptJsonBodies(app, bodyLimitBytes);
  acceptCsvBodies(server);
  app.setGlobalPrefix('api');
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/json',
    yamlDocumentUrl: 'docs/yaml',
    customSiteTitle: 'Matricula API',
  });
  return app;
}

const securityHeaders: FastifyHelmetOptions = {
  // The plugin would build the header anew for each request.
  contentSecurityPolicy: false,
  frameguard: { action: 'deny' },
  // Only for browsers that are no longer in use.
  dnsPrefetchControl: false,
  hidePoweredBy: false,
  ieNoOpen: false,
  originAgentCluster: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false,
};

/** Answers are data. The one page is the API's documentation, which has its own scripts and inline styles. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
