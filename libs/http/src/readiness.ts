import { HttpException, Inject, Injectable } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';

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

/** Whether the service is ready, and the state of each indicator by its name. */
export interface ReadinessReport {
  readonly ready: boolean;
  /** In Terminus' shape: `status`, and for each indicator `up`, `down` or `degraded`, with its details. */
  readonly state: unknown;
}

/** An indicator that takes longer counts as down, so that a report is there within two seconds. */
const checkTimeoutMs = 1_500;
/** Probes within this time get the same report: their number costs the servers nothing. */
const reportAgeMaxMs = { ready: 1_000, notReady: 250 };

/**
 * Checks all indicators at the same time. Reports are cached, for a second at the most, and callers that come while a
 * check runs share its report. An indicator that hangs is not called again until it has ended.
 */
@Injectable()
export class Readiness {
  private readonly running = new Map<string, Promise<unknown>>();
  private checking: Promise<ReadinessReport> | undefined;
  private report: ReadinessReport | undefined;
  private reportedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    @Inject(INDICATORS) private readonly indicators: readonly Indicator[],
  ) {}

  /** At most a second old. */
  async check(): Promise<ReadinessReport> {
    const ageMaxMs = this.report?.ready ? reportAgeMaxMs.ready : reportAgeMaxMs.notReady;
    if (this.report && performance.now() - this.reportedAt < ageMaxMs) return this.report;
    this.checking ??= this.checkAll().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  private async checkAll(): Promise<ReadinessReport> {
    const report = await this.read();
    this.report = report;
    this.reportedAt = performance.now();
    return report;
  }

  private async read(): Promise<ReadinessReport> {
    try {
      const checks = this.indicators.map((indicator) => () => this.checkOne(indicator));
      return { ready: true, state: await this.health.check(checks) };
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      return { ready: false, state: error.getResponse() };
    }
  }

  private async checkOne(indicator: Indicator) {
    const { name, essential = true } = indicator;
    const session = this.indicator.check(name);
    const result = await session.attempt(async () => asDetails(await this.once(indicator))).withTimeout(checkTimeoutMs);
    const { status, ...details } = result[name] ?? { status: 'down' };
    return status === 'down' && !essential ? session.degraded(details) : result;
  }

  private once({ name, check }: Indicator): Promise<unknown> {
    const running = this.running.get(name);
    if (running) return running;
    const begun = (async () => check())().finally(() => this.running.delete(name));
    this.running.set(name, begun);
    return begun;
  }
}

function asDetails(answer: unknown): Record<string, unknown> {
  return Object.prototype.toString.call(answer) === '[object Object]' ? (answer as Record<string, unknown>) : {};
}
