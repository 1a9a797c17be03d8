import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { BacklogGauges } from '../../backlog/backlog-gauges.js';
import { RefundBacklogStore } from './refund-backlog.store.js';

/** Measures refunds that wait, and refunds that are missing. */
@Injectable()
export class RefundGauges implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly gauges: readonly BacklogGauges[];

  constructor(store: RefundBacklogStore, clock: Clock) {
    this.gauges = [
      new BacklogGauges('matricula_refunds_waiting', 'refunds that wait for a payment', clock, () =>
        store.waitingBacklog(),
      ),
      new BacklogGauges('matricula_refunds_missing', 'payments of which a provider counts unknown refunds', clock, () =>
        store.missingBacklog(),
      ),
    ];
  }

  onApplicationBootstrap(): void {
    for (const gauges of this.gauges) gauges.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.gauges.map((gauges) => gauges.stop()));
  }

  /** Measures now. */
  async look(): Promise<void> {
    await Promise.all(this.gauges.map((gauges) => gauges.look()));
  }
}
