import { Injectable } from '@nestjs/common';
import { events } from '#contracts/catalogue.js';
import { Clock } from '#kernel/clock.js';
import { OpsSettings } from '../ops.config.js';
import { type Buckets, bucketsOf, countOf, quantile, since, sum } from './lag.js';
import type { ConsumerState, OutboxState, Overview, Quarantined } from './overview.js';
import { probe, type Report } from './probe.js';
import { ReadServers } from './read-servers.js';

const parkedSuffix = '.parked';
const unroutable = 'matricula.unroutable';
const consumingServices = new Set<string>(events.flatMap(({ consumers }) => consumers));
const lagHistogram = 'messaging_consumer_lag_seconds';

/** Reads every service and every server at the same time, and answers within three seconds. */
@Injectable()
export class ReadOverview {
  /** The lag histogram of the last scrape, by address of an instance: an overview counts only later observations. */
  private readonly lastScrape = new Map<string, Buckets>();
  /** When the relay of a service last worked, by service. */
  private readonly relaySeenAt = new Map<string, Temporal.Instant>();

  constructor(
    private readonly settings: OpsSettings,
    private readonly readServers: ReadServers,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<Overview> {
    const [reports, servers] = await Promise.all([
      Promise.all(this.settings.instances.map(probe)).then((reports) => reports.flat()),
      this.readServers.execute(),
    ]);
    const at = this.clock.now();
    return {
      at,
      services: reports.map(({ health }) => health),
      servers: servers.health,
      outboxes: this.outboxesOf(reports, at),
      consumers: this.consumersOf(reports),
      queues: servers.queues.filter(({ queue }) => !isParking(queue)),
      parked: servers.queues
        .filter(({ queue }) => isParking(queue))
        .map(({ queue, messages }) => ({ place: placeOf(queue), messages })),
      quarantined: quarantinedOf(reports),
      jobs: servers.jobs,
    };
  }

  private consumersOf(reports: readonly Report[]): ConsumerState[] {
    const consuming = reports.filter(({ health }) => consumingServices.has(health.service));
    return byService(consuming, (service, ofService) => {
      const recent = sum(ofService.map((report) => this.lagSinceLastScrape(report)));
      return {
        service,
        handled: countOf(recent),
        lagP95Seconds: quantile(recent, 0.95),
        waiting: total(ofService, 'messaging_unsettled_events'),
      };
    });
  }

  /**
   * A service with an outbox reports whether its relay works. Only the instance with the working relay reports depth
   * and age. A service whose relay worked before stays in the list when it does not answer.
   */
  private outboxesOf(reports: readonly Report[], at: Temporal.Instant): OutboxState[] {
    const withOutbox = reports.filter(
      (report) => valuesOf(report, 'messaging_relay_working').length > 0 || this.relaySeenAt.has(report.health.service),
    );
    return byService(withOutbox, (service, ofService) => {
      const working = ofService.filter((report) => total([report], 'messaging_relay_working') > 0);
      if (working.length > 0) this.relaySeenAt.set(service, at);
      return {
        service,
        depth: highest(working, 'messaging_outbox_depth'),
        ageSeconds: highest(working, 'messaging_outbox_age_seconds'),
        relaysWorking: working.length,
        relaySeenAt: this.relaySeenAt.get(service) ?? null,
      };
    });
  }

  private lagSinceLastScrape({ address, samples }: Report): Buckets {
    // After a failed scrape the next one counts the observations of both periods.
    if (samples.length === 0) return new Map();
    const now = bucketsOf(samples, lagHistogram);
    const recent = since(this.lastScrape.get(address), now);
    this.lastScrape.set(address, now);
    return recent;
  }
}

/** Every instance of payments counts the same rows, each at another moment. */
function quarantinedOf(reports: readonly Report[]): Quarantined | null {
  const notifications = highest(reports, 'matricula_webhook_quarantined_open');
  const oldestSeconds = highest(reports, 'matricula_webhook_quarantined_oldest_seconds');
  return notifications === null || oldestSeconds === null ? null : { notifications, oldestSeconds };
}

function byService<Row>(reports: readonly Report[], make: (service: string, ofService: Report[]) => Row): Row[] {
  const groups = Map.groupBy(reports, ({ health }) => health.service);
  return [...groups].map(([service, ofService]) => make(service, ofService));
}

function valuesOf({ samples }: Report, metric: string): number[] {
  return samples.filter(({ name }) => name === metric).map(({ value }) => value);
}

function total(reports: readonly Report[], metric: string): number {
  return reports.flatMap((report) => valuesOf(report, metric)).reduce((result, value) => result + value, 0);
}

function highest(reports: readonly Report[], metric: string): number | null {
  const values = reports.flatMap((report) => valuesOf(report, metric));
  return values.length === 0 ? null : Math.max(...values);
}

function isParking(queue: string): boolean {
  return queue.endsWith(parkedSuffix) || queue === unroutable;
}

function placeOf(queue: string): string {
  return queue === unroutable ? 'unroutable' : queue.slice(0, -parkedSuffix.length);
}
