import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Clock } from '#kernel/clock.js';
import { metricOnce } from '#observability/metric-once.js';
import { QuarantinedStore } from './quarantined.store.js';

const everyMs = 5_000;

/** Labelled, so that there is no value, rather than zero, while nobody has looked. */
const labels = { service: 'payments' } as const;

function gauge(name: string, help: string): Gauge<'service'> {
  return metricOnce(name, () => new Gauge({ name, help, labelNames: ['service'] }));
}

const openNotifications = gauge(
  'matricula_webhook_quarantined_open',
  'Notifications of providers that are quarantined and not dismissed. Alarm on anything above zero.',
);
const oldestAge = gauge(
  'matricula_webhook_quarantined_oldest_seconds',
  'Age of the oldest notification that is quarantined and not dismissed.',
);

/** Tells what is quarantined from the rows themselves: every instance tells the same, also after a restart. */
@Injectable()
export class QuarantinedGauge implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(QuarantinedGauge.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly store: QuarantinedStore,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.look();
    this.timer = setInterval(() => void this.look(), everyMs).unref();
  }

  /** The database is there until the last look has ended. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** One look at a time, however long it takes. Never fails: what cannot be read is not told. */
  look(): Promise<void> {
    this.looking ??= this.measure().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async measure(): Promise<void> {
    try {
      const { open, oldest } = await this.store.backlog();
      const age = oldest ? this.clock.now().since(oldest).total('seconds') : 0;
      openNotifications.set(labels, open);
      oldestAge.set(labels, Math.max(0, age));
    } catch (error) {
      for (const each of [openNotifications, oldestAge]) each.remove(labels);
      this.logger.warn({ err: error }, 'nobody knows how much is quarantined');
    }
  }
}
