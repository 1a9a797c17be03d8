import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Clock } from '#kernel/clock.js';
import { metricOnce } from '#observability/metric-once.js';
import { QuarantinedStore } from './quarantined.store.js';

const everyMs = 5_000;

/** With a label there is no value, rather than zero, until the first measurement. */
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

/** Measures the quarantine from its rows: every instance reports the same, also after a restart. */
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

  /** Waits for a running measurement, which needs the database. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** One measurement at a time. Never fails: while the rows cannot be read, there is no value. */
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
      this.logger.warn({ err: error }, 'cannot read the number of quarantined notifications');
    }
  }
}
