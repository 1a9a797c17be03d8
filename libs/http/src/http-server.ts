import type { Socket } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import { Logger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Address, LogLevel } from '#kernel/service-settings.js';
import { createPino, ServiceLogger } from '#observability/logger.js';
import { newTrace, runWithTrace, type Trace } from '#observability/trace.js';
import { trustOf, useClientAddress } from './client-address.js';
import { OperationsServer } from './operations-server.js';
import { ProblemFilter, type ProblemTable, problemOf, problemType } from './problem.js';
import { httpRequestDuration } from './request-duration.js';
import { isClosing, ServiceAdapter } from './service-adapter.js';
import { validationPipe } from './validation.js';

/** What a service sets for its HTTP server. */
export interface HttpServerOptions {
  readonly service: string;
  readonly logLevel: LogLevel;
  readonly problems: ProblemTable;
  /** A larger body is refused with 413 before it is read; 256 KiB by default. */
  readonly bodyLimitBytes?: number;
  /** Whether a path with a slash at its end is the same route as without. */
  readonly ignoreTrailingSlash?: boolean;
  /** Which proxies' `X-Forwarded-For` or `Forwarded` is trusted, as `trustedProxies` reads it. */
  readonly trustProxy?: boolean | string;
}

/**
 * The length of one parameter of a path, after decoding. The schema of an id limits it further and names the fault; the
 * router's default limit would refuse ids of outside systems with 414.
 */
const parameterCharactersMax = 1_000;

/**
 * Creates the HTTP server of a service: JSON logs, a trace for each request, metrics, problem details, validated input,
 * limits on the size and the time of bodies.
 */
export async function createHttpServer(
  module: Type | DynamicModule,
  {
    service,
    logLevel,
    problems,
    bodyLimitBytes = 262_144,
    ignoreTrailingSlash = false,
    trustProxy = false,
  }: HttpServerOptions,
): Promise<NestFastifyApplication> {
  const adapter = new ServiceAdapter({
    bodyLimit: bodyLimitBytes,
    // The time to receive a request; a slower sender is disconnected.
    requestTimeout: 15_000,
    keepAliveTimeout: 65_000,
    trustProxy,
    routerOptions: { maxParamLength: parameterCharactersMax, ignoreTrailingSlash },
    forceCloseConnections: 'idle',
    // A request that arrives while the service closes is answered as usual.
    return503OnClosing: false,
    // Errors before routing, which no hook sees.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const answer = runWithTrace(traceOf(request, reply), () => problemOf(error, problems));
      void reply.status(answer.status).type(problemType).send(answer);
    },
    clientErrorHandler: (error, socket) => refuseMalformedBytes(error, socket, problems),
  });
  const logger = new ServiceLogger(createPino({ service, level: logLevel }));
  if (trustProxy !== false) readForwardedAddresses(adapter.getInstance(), trustProxy);
  observeRequests(adapter.getInstance(), logger);
  closeIdleConnectionsWhileClosing(adapter);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(problems));
  app.useGlobalPipes(validationPipe());
  return app;
}

/** Makes `request.ip` the address of the client, for every hook that follows. */
function readForwardedAddresses(server: FastifyInstance, trustProxy: true | string): void {
  const isTrusted = trustOf(trustProxy);
  server.addHook('onRequest', (request, _reply, done) => {
    useClientAddress(request.raw, isTrusted);
    done();
  });
}

/** Answers bytes that Node's parser cannot read as HTTP, and closes the connection. */
function refuseMalformedBytes(error: ConnectionError, socket: Socket, problems: ProblemTable): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const statusCode = parserStatuses[error.code] ?? 400;
  const fault = Object.assign(new Error('This is not well-formed HTTP, or its headers are too large.'), { statusCode });
  const answer = runWithTrace(newTrace(), () => problemOf(fault, problems));
  const body = Buffer.from(JSON.stringify(answer));
  socket.end(
    `HTTP/1.1 ${answer.status} ${answer.title}\r\ncontent-type: ${problemType}\r\n` +
      `content-length: ${body.byteLength}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const parserStatuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/**
 * Runs each request in its trace and measures it. Successes are logged at debug level, so that hot paths stay cheap.
 */
function observeRequests(server: FastifyInstance, { pino }: ServiceLogger): void {
  server.addHook('onRequest', (request, reply, done) => {
    runWithTrace(traceOf(request, reply), done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    httpRequestDuration.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    const level = reply.statusCode >= 500 ? 'warn' : 'debug';
    if (pino.isLevelEnabled(level)) {
      pino[level]({ method, route, status: reply.statusCode, duration_ms: Math.round(reply.elapsedTime) }, 'answered');
    }
    done();
  });
}

/** The trace of a request, a continuation of the caller’s if the request carries one. Also sets it on the answer. */
function traceOf(request: FastifyRequest, reply: FastifyReply): Trace {
  const trace = newTrace(header(request.headers.traceparent), header(request.headers['x-correlation-id']));
  reply.header('traceparent', trace.traceparent);
  reply.header('x-correlation-id', trace.correlationId);
  return trace;
}

/**
 * A closing server waits for its connections, and closes only those without a request. A connection that stayed open
 * after its answer would delay the shutdown until it runs out of time.
 */
function closeIdleConnectionsWhileClosing(adapter: ServiceAdapter): void {
  const server = adapter.getInstance<FastifyInstance>();
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing(adapter)) reply.header('connection', 'close');
    done();
  });
  // Headers that left before the shutdown, such as those of a stream, have promised to keep the connection alive.
  server.addHook('onResponse', (request, reply, done) => {
    if (isClosing(adapter) && reply.raw.shouldKeepAlive) request.raw.socket.destroySoon();
    done();
  });
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** How long a shutdown may take after SIGTERM; then the process exits with 1. */
const shutdownMs = 25_000;

/** Where a service listens: for operations, and for its clients where it has HTTP routes. */
export interface Listening extends Partial<Address> {
  readonly operations: Address;
}

/**
 * Listens, and stops cleanly on SIGTERM and SIGINT: `/health/ready` answers 503 at once, running work drains, the
 * process exits. An uncaught exception ends the process with 1.
 */
export async function listen(app: NestFastifyApplication, { host, port, operations }: Listening): Promise<void> {
  const logger = new Logger('Process');
  const die = (message: string) => (error: unknown) => {
    logger.fatal({ err: error }, message);
    process.exit(1);
  };
  process.on('uncaughtException', die('an uncaught error'));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => setTimeout(die('the shutdown took too long'), shutdownMs, signal).unref());
  }
  await app.init();
  await app.get(OperationsServer, { strict: false }).listen(operations);
  if (port === undefined) return;
  await app.listen({ host, port });
  logger.log({ host, port }, 'listening');
}
