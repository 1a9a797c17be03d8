import { Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { Clock } from '#kernel/clock.js';
import { metricOnce } from '#observability/metric-once.js';

const everyMs = 5_000;

/** With a label there is no value, rather than zero, until the first measurement. */
const labels = { service: 'payments' } as const;

/** How many items wait for an operator, and since when the oldest does. */
export interface Backlog {
  readonly open: number;
  readonly oldest: Temporal.Instant | null;
}

/**
 * Two gauges of a backlog, its size and the age of its oldest item, measured from the rows: every instance reports the
 * same, also after a restart.
 */
export class BacklogGauges {
  private readonly logger = new Logger(BacklogGauges.name);
  private readonly open: Gauge<'service'>;
  private readonly age: Gauge<'service'>;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  /** @param what the items, as in “refunds that wait” */
  constructor(
    prefix: string,
    private readonly what: string,
    private readonly clock: Clock,
    private readonly read: () => Promise<Backlog>,
  ) {
    this.open = gauge(`${prefix}_open`, `The number of ${what}. Alarm on anything above zero.`);
    this.age = gauge(`${prefix}_oldest_seconds`, `The age of the oldest of the ${what}.`);
  }

  /** Measures now, and every few seconds. */
  start(): void {
    void this.look();
    this.timer = setInterval(() => void this.look(), everyMs).unref();
  }

  /** Waits for a running measurement, which needs the database. */
  async stop(): Promise<void> {
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
      const { open, oldest } = await this.read();
      const age = oldest ? this.clock.now().since(oldest).total('seconds') : 0;
      this.open.set(labels, open);
      this.age.set(labels, Math.max(0, age));
    } catch (error) {
      for (const each of [this.open, this.age]) each.remove(labels);
      this.logger.warn({ err: error }, `cannot read the number of ${this.what}`);
    }
  }
}

function gauge(name: string, help: string): Gauge<'service'> {
  return metricOnce(name, () => new Gauge({ name, help, labelNames: ['service'] }));
}
