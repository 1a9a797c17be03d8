import type { Socket } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import { Logger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LogLevel } from '#kernel/service-settings.js';
import { createPino, ServiceLogger } from '#observability/logger.js';
import { httpRequestDuration } from '#observability/metrics.js';
import { newTrace, runWithTrace, type Trace } from '#observability/trace.js';
import { ProblemFilter, type ProblemTable, problemOf, problemType } from './problem.js';
import { isClosing, ServiceAdapter } from './service-adapter.js';
import { validationPipe } from './validation.js';

export interface HttpServerOptions {
  readonly service: string;
  readonly logLevel: LogLevel;
  readonly problems: ProblemTable;
  /** Larger bodies are a 413 before they are read. */
  readonly bodyLimitBytes?: number;
  /** Keeps the bytes of each body for `@RawBody()`. */
  readonly rawBody?: boolean;
  /** Whose `X-Forwarded-*` is believed, as `trustedProxies` reads it. */
  readonly trustProxy?: boolean | string;
}

/**
 * Of one parameter of a path, after decoding. How long an id may be is for its schema to say, which names what is
 * wrong; the router's own limit would turn ids of outside systems away as a 414.
 */
const parameterCharactersMax = 1_000;

/**
 * The HTTP side of every service: JSON logs, a trace for each request, metrics, problem details, checked input,
 * bounded bodies and times.
 */
export async function createHttpServer(
  module: Type | DynamicModule,
  { service, logLevel, problems, bodyLimitBytes = 262_144, rawBody = false, trustProxy = false }: HttpServerOptions,
): Promise<NestFastifyApplication> {
  const adapter = new ServiceAdapter({
    bodyLimit: bodyLimitBytes,
    // The time to receive a request; slower senders are cut off.
    requestTimeout: 15_000,
    keepAliveTimeout: 65_000,
    trustProxy,
    routerOptions: { maxParamLength: parameterCharactersMax },
    forceCloseConnections: 'idle',
    // Whoever still comes while the service closes is answered as always, and not in the framework's words.
    return503OnClosing: false,
    // What is refused before there is a request that hooks could see.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const answer = runWithTrace(traceOf(request, reply), () => problemOf(error, problems));
      void reply.status(answer.status).type(problemType).send(answer);
    },
    clientErrorHandler: (error, socket) => refuseBytes(error, socket, problems),
  });
  const logger = new ServiceLogger(createPino({ service, level: logLevel }));
  observeRequests(adapter.getInstance(), logger);
  letGoWhileClosing(adapter);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    rawBody,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(problems));
  app.useGlobalPipes(validationPipe());
  return app;
}

/** Answers what Node's parser could not read as HTTP, and lets go of the connection. */
function refuseBytes(error: ConnectionError, socket: Socket, problems: ProblemTable): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const statusCode = parserStatuses[error.code] ?? 400;
  const words = Object.assign(new Error('This is not well-formed HTTP, or too much of it.'), { statusCode });
  const answer = problemOf(words, problems);
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
 * Each request runs within its trace, which its answer names; successes are logged at debug, so that hot paths stay
 * cheap.
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

/** The trace of a request, the caller’s where one came along; the answer names it. */
function traceOf(request: FastifyRequest, reply: FastifyReply): Trace {
  const trace = newTrace(header(request.headers.traceparent), header(request.headers['x-correlation-id']));
  reply.header('traceparent', trace.traceparent);
  reply.header('x-correlation-id', trace.correlationId);
  return trace;
}

/**
 * A server that closes waits for its connections, and only those without a request end with it. Kept alive for a client
 * that says nothing more, one would hold up what closes after the server until the shutdown is out of time.
 */
function letGoWhileClosing(adapter: ServiceAdapter): void {
  const server = adapter.getInstance<FastifyInstance>();
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing(adapter)) reply.header('connection', 'close');
    done();
  });
  // Headers that left before it closed, as those of a stream, have promised to keep it alive.
  server.addHook('onResponse', (request, reply, done) => {
    if (isClosing(adapter) && reply.raw.shouldKeepAlive) request.raw.socket.destroySoon();
    done();
  });
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** How long a service may take to finish what runs after SIGTERM. */
const shutdownMs = 25_000;

/** Listens, and stops cleanly on SIGTERM and SIGINT: not ready at once, then everything drains, then exit. */
export async function listen(
  app: NestFastifyApplication,
  { host, port }: { host: string; port: number },
): Promise<void> {
  const logger = new Logger('Process');
  const die = (message: string) => (error: unknown) => {
    logger.fatal({ err: error }, message);
    process.exit(1);
  };
  process.on('uncaughtException', die('an error that nobody caught'));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => setTimeout(die('the shutdown took too long'), shutdownMs, signal).unref());
  }
  await app.listen({ host, port });
  logger.log({ host, port }, 'listening');
}
