import { Controller, Get, Header, HttpException, Inject, Injectable, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { isClosing } from './service-adapter.js';

/** A server or a part that this service depends on. */
export interface Indicator {
  /** The name in the answer, such as `database`, `broker` or `redis`. */
  readonly name: string;
  /** Resolves while the part is up, with details to show if there are any; throws, or hangs, when it is down. */
  readonly check: () => Promise<unknown>;
  /** `false`: the service works without the part for a while, and stays ready (`degraded`). */
  readonly essential?: boolean;
}

/** The injection token of the indicators of a service. */
export const INDICATORS = Symbol('health indicators');

/** An indicator that takes longer counts as down, so that `/health/ready` answers within two seconds. */
const checkTimeoutMs = 1_500;

/** Checks all indicators at the same time. */
@Injectable()
export class Readiness {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    @Inject(INDICATORS) private readonly indicators: readonly Indicator[],
  ) {}

  /**
   * The state of each indicator by its name: `up`, `down`, or `degraded` for one that is not essential, with its
   * details.
   * @throws ServiceUnavailableException (503) with the same body when an essential indicator is down
   */
  check() {
    return this.health.check(this.indicators.map((indicator) => () => this.checkOne(indicator)));
  }

  private async checkOne({ name, check, essential = true }: Indicator) {
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
 * The probes of Kubernetes and the launcher. `live` depends on no other server: an unavailable server must not restart
 * every service. `ready` is 200 while every essential indicator is up, and 503 from the moment a shutdown begins.
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
