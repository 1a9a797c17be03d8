import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { collectDefaultMetrics, register } from 'prom-client';
import type { Address } from '#kernel/service-settings.js';
import { type ProblemTable, problemOf, problemType } from './problem.js';
import { Readiness } from './readiness.js';
import { isClosing } from './service-adapter.js';

if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A prober sends a line and some headers; a slower one is disconnected. */
const requestTimeoutMs = 5_000;
const noProblems: ProblemTable = { statuses: {} };

/**
 * The port for operations of a service: `/health/live`, `/health/ready` and `/metrics`, apart from the routes of its
 * clients. `live` depends on no other server: an unavailable server must not restart every service. `ready` is 200
 * while every essential indicator is up, and 503 from the moment a shutdown begins. The port closes last.
 */
@Injectable()
export class OperationsServer implements OnApplicationShutdown {
  private readonly logger = new Logger(OperationsServer.name);
  private readonly server: Server;

  constructor(
    private readonly readiness: Readiness,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    this.server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
      void this.answer(request).then((answer) => send(response, answer));
    });
  }

  /** Resolves to the URL of the port, once it listens. */
  async listen({ host, port }: Address): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen({ host, port }, resolve);
    });
    const { port: listening } = this.server.address() as AddressInfo;
    this.logger.log({ host, port: listening }, 'operations: listening');
    return `http://${host.includes(':') ? `[${host}]` : host}:${listening}`;
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise((closed) => {
      this.server.close(closed);
      this.server.closeAllConnections();
    });
  }

  private async answer({ method, url = '' }: IncomingMessage): Promise<Answer> {
    try {
      if (method !== 'GET' && method !== 'HEAD') return problem(405, `${method} is not allowed here.`);
      const [path] = url.split('?', 1);
      if (path === '/health/live') return json(200, { status: 'ok' });
      if (path === '/health/ready') return await this.ready();
      if (path === '/metrics') return { status: 200, type: register.contentType, body: await register.metrics() };
      return problem(404, 'Here are /health/live, /health/ready and /metrics.');
    } catch (error) {
      this.logger.error({ err: error, url }, 'request failed');
      return problem(500, 'Something went wrong on our side.');
    }
  }

  private async ready(): Promise<Answer> {
    if (isClosing(this.adapterHost.httpAdapter)) return json(503, { status: 'shutting_down' });
    const { ready, state } = await this.readiness.check();
    return json(ready ? 200 : 503, state);
  }
}

function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

function problem(statusCode: number, detail: string): Answer {
  const { status, ...document } = problemOf(Object.assign(new Error(detail), { statusCode }), noProblems);
  return { status, type: problemType, body: JSON.stringify({ ...document, status }) };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
