import { Controller, Get, Header, HttpException, Inject, Injectable, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { isClosing } from '#http/service-adapter.js';

/** A server or part that this service works with. */
export interface Indicator {
  /** As it stands in the answer: `database`, `broker`, `redis`. */
  readonly name: string;
  /** Resolves while all is well, with details to show if there are any; throws, or hangs, when it is not. */
  readonly check: () => Promise<unknown>;
  /** `false`: the service does its work without it for a while, and stays ready (`degraded`). */
  readonly essential?: boolean;
}

export const INDICATORS = Symbol('health indicators');

/** An indicator that has not answered by then counts as down, so that `/health/ready` answers within two seconds. */
const checkTimeoutMs = 1_500;

/** Asks all indicators at the same time. */
@Injectable()
export class Readiness {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    @Inject(INDICATORS) private readonly indicators: readonly Indicator[],
  ) {}

  /**
   * Each indicator by its name: `up`, `down`, or `degraded` for one that is not essential, with its details.
   * @throws ServiceUnavailableException (503) with the same in its body when one that is essential is down
   */
  check() {
    return this.health.check(this.indicators.map((indicator) => () => this.ask(indicator)));
  }

  private async ask({ name, check, essential = true }: Indicator) {
    const session = this.indicator.check(name);
    const result = await session.attempt(async () => asDetails(await check())).withTimeout(checkTimeoutMs);
    const { status, ...details } = result[name] ?? { status: 'down' };
    return status === 'down' && !essential ? session.degraded(details) : result;
  }
}

function asDetails(answer: unknown): Record<string, unknown> {
  return Object.prototype.toString.call(answer) === '[object Object]' ? (answer as Record<string, unknown>) : {};
}

/**
 * For Kubernetes and the launcher. `live`: the process serves requests; never depends on a server, or one that is away
 * would have everything restarted. `ready`: all that is essential answers; not so from the moment a shutdown begins.
 */
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  @Get('live')
  @Header('cache-control', 'no-store')
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    if (isClosing(this.adapterHost.httpAdapter)) {
      reply.status(503);
      return { status: 'shutting_down' };
    }
    try {
      return await this.readiness.check();
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      reply.status(503);
      return error.getResponse();
    }
  }
}
