import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { createHttpServer } from '#http/http-server.js';
import { IssuerUnavailable } from '#identity/verify-token.js';
import { faultOf } from '#messaging/faults.js';
import { openApiDocument } from './documents/openapi.js';
import { Admission } from './edge/admission.js';
import { boundBodies, takeCsv } from './edge/csv-bodies.js';
import { answerWrongMethods } from './edge/methods.js';
import { boundNesting } from './edge/nesting.js';
import { problemStatuses } from './edge/problem-statuses.js';
import type { GatewaySettings } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';

const bodyLimitBytes = 64 * 1024;
const headersTimeoutMs = 10_000;

/**
 * The gateway, ready to listen. Nothing is connected before it is initialised, so documents can be made of it anywhere.
 */
export async function createGateway(settings: GatewaySettings): Promise<NestFastifyApplication> {
  const app = await createHttpServer(GatewayModule.with(settings), {
    service: 'gateway',
    logLevel: settings.logLevel,
    bodyLimitBytes,
    // What signatures are made of.
    rawBody: true,
    trustProxy: settings.trustProxy,
    problems: {
      statuses: problemStatuses,
      isUnavailable: (error) => error instanceof IssuerUnavailable || faultOf(error) === 'away',
    },
  });
  const server = app.getHttpAdapter().getInstance();
  server.server.maxConnections = settings.connectionsMax;
  server.server.headersTimeout = headersTimeoutMs;
  boundBodies(server);
  await server.register(helmet, securityHeaders);
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy);
  });
  answerWrongMethods(server);
  boundNesting(server);
  await app.get(Admission).guard(server);
  // Nest reads forms too; here all bodies are JSON.
  app.useBodyParser('application/x-www-form-urlencoded', {}, (_request, _body, done) => {
    done(new UnsupportedMediaTypeException('Bodies are application/json.'));
  });
  takeCsv(server);
  app.setGlobalPrefix('api', { exclude: ['health/live', 'health/ready', 'metrics'] });
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/json',
    yamlDocumentUrl: 'docs/yaml',
    customSiteTitle: 'Matricula API',
  });
  return app;
}

const securityHeaders: FastifyHelmetOptions = {
  // The plugin would put it together for each request anew.
  contentSecurityPolicy: false,
  frameguard: { action: 'deny' },
  // For browsers that are no more.
  dnsPrefetchControl: false,
  hidePoweredBy: false,
  ieNoOpen: false,
  originAgentCluster: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false,
};

/** Answers are data; the one page is the API's documentation, which brings its own scripts and styles itself inline. */
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
