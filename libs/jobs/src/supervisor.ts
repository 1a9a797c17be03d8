import { once } from 'node:events';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Misconfigured } from '#kernel/config.js';
import { JobRegistry } from './job-registry.js';
import { Jobs, PRODUCER_REDIS } from './jobs.js';
import { announceQueues } from './queues.js';
import { refuseEviction } from './redis.js';

/** How long a boot waits for Redis. After that the service starts without it. */
const bootTimeoutMs = 2_000;

export const SUPERVISION = Symbol('supervision of redis');

export interface Supervision {
  readonly production: boolean;
  /** How often the schedules and queue names in Redis are checked. */
  readonly everyMs: number;
}

/**
 * Registers the schedules and the names of the queues in Redis, repeatedly. A Redis that was emptied, or that lost its
 * last second in a crash, receives them again without a restart of any service.
 */
@Injectable()
export class Supervisor implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Supervisor.name);
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> | undefined;
  private policyChecked = false;
  private stop: (() => void) | undefined;
  private stopped = false;

  constructor(
    @Inject(PRODUCER_REDIS) private readonly redis: Redis,
    @Inject(SUPERVISION) private readonly supervision: Supervision,
    private readonly registry: JobRegistry,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Waits two seconds for Redis. A Redis that is unavailable or refuses writes (full, a replica, a broken disk) does
   * not stop the boot: it is checked again later.
   * @throws Misconfigured when Redis answers and evicts keys, in production
   */
  async onApplicationBootstrap(): Promise<void> {
    const failed = (error: unknown) =>
      this.logger.error({ err: error }, 'cannot register schedules and queue names in Redis, will try again');
    const check = () => {
      this.checking ??= this.check()
        .catch(failed)
        .finally(() => {
          this.checking = undefined;
        });
    };
    if (this.redis.status !== 'ready')
      await once(this.redis, 'ready', { signal: AbortSignal.timeout(bootTimeoutMs) }).catch(() => {});
    try {
      await this.check();
    } catch (error) {
      if (error instanceof Misconfigured) throw error;
      failed(error);
    }
    // The service may have stopped meanwhile, because another part failed to start.
    if (this.stopped) return;
    this.redis.on('ready', check);
    this.timer = setInterval(check, this.supervision.everyMs);
    this.stop = () => this.redis.off('ready', check);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.stop?.();
    await this.checking;
  }

  private async check(): Promise<void> {
    if (this.redis.status !== 'ready') return;
    if (!this.policyChecked) await refuseEviction(this.redis, this.supervision.production);
    this.policyChecked = true;
    await announceQueues(
      this.redis,
      this.registry.jobs().map(({ name }) => name),
    );
    for (const schedule of this.registry.schedules()) await this.jobs.schedule(schedule);
  }
}
