import { once } from 'node:events';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Misconfigured } from '#kernel/config.js';
import { JobRegistry } from './job-registry.js';
import { Jobs, PRODUCER_REDIS } from './jobs.js';
import { announceQueues } from './queues.js';
import { refuseEviction } from './redis.js';

/** Long enough to connect; Redis away is no reason not to start. */
const bootPatienceMs = 2_000;

export const SUPERVISION = Symbol('supervision of redis');

export interface Supervision {
  readonly production: boolean;
  /** How often what must stand in Redis is looked after. */
  readonly everyMs: number;
}

/**
 * Keeps in Redis what must stand there: the schedules and the names of the queues. A Redis that was emptied, or that
 * lost its last second in a crash, has them back at the next look, without a restart of any service.
 */
@Injectable()
export class Supervisor implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Supervisor.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private checked = false;
  private stop: (() => void) | undefined;
  private stopped = false;

  constructor(
    @Inject(PRODUCER_REDIS) private readonly redis: Redis,
    @Inject(SUPERVISION) private readonly supervision: Supervision,
    private readonly registry: JobRegistry,
    private readonly jobs: Jobs,
  ) {}

  /**
   * One that is away is waited for a moment. It, and one that takes no writes (full, a replica, its disk broken), is
   * looked after later: a service does more than jobs.
   * @throws Misconfigured when Redis is there and unfit
   */
  async onApplicationBootstrap(): Promise<void> {
    const failed = (error: unknown) =>
      this.logger.error({ err: error }, 'what must stand in Redis does not; tried again soon');
    const look = () => {
      this.looking ??= this.look()
        .catch(failed)
        .finally(() => {
          this.looking = undefined;
        });
    };
    if (this.redis.status !== 'ready')
      await once(this.redis, 'ready', { signal: AbortSignal.timeout(bootPatienceMs) }).catch(() => {});
    try {
      await this.look();
    } catch (error) {
      if (error instanceof Misconfigured) throw error;
      failed(error);
    }
    // Another part may have kept the service from starting meanwhile.
    if (this.stopped) return;
    this.redis.on('ready', look);
    this.timer = setInterval(look, this.supervision.everyMs);
    this.stop = () => this.redis.off('ready', look);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.stop?.();
    await this.looking;
  }

  private async look(): Promise<void> {
    if (this.redis.status !== 'ready') return;
    if (!this.checked) await refuseEviction(this.redis, this.supervision.production);
    this.checked = true;
    await announceQueues(
      this.redis,
      this.registry.jobs().map(({ name }) => name),
    );
    for (const schedule of this.registry.schedules()) await this.jobs.schedule(schedule);
  }
}
