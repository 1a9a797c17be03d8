import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { BacklogGauges } from '../../backlog/backlog-gauges.js';
import { QuarantinedStore } from './quarantined.store.js';

/** Measures the quarantine. */
@Injectable()
export class QuarantinedGauge implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly gauges: BacklogGauges;

  constructor(store: QuarantinedStore, clock: Clock) {
    const what = 'quarantined notifications of providers that are not dismissed';
    this.gauges = new BacklogGauges('matricula_webhook_quarantined', what, clock, () => store.backlog());
  }

  onApplicationBootstrap(): void {
    this.gauges.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.gauges.stop();
  }

  /** Measures now. */
  async look(): Promise<void> {
    await this.gauges.look();
  }
}
