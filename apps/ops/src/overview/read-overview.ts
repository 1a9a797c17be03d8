import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { events } from '#contracts/catalogue.js';
import { Clock } from '#kernel/clock.js';
import { Broker } from '#messaging/connection/broker.js';
import { BrokerUnavailable } from '#messaging/faults.js';
import { QueueDepths } from '#messaging/parking/queue-depths.js';
import { Transactions } from '#persistence/transaction.js';
import { OpsSettings } from '../ops.config.js';
import { JobQueues } from '../queues/job-queues.js';
import { type Buckets, bucketsOf, countOf, quantile, since, sum } from './lag.js';
import type {
  ConsumerState,
  JobQueueState,
  OutboxState,
  Overview,
  Quarantined,
  QueueState,
  ServerHealth,
} from './overview.js';
import { probe, type Report } from './probe.js';

const askTimeoutMs = 2_500;
const parkedSuffix = '.parked';
const unroutable = 'matricula.unroutable';
const consumingServices = new Set<string>(events.flatMap(({ consumers }) => consumers));
const lagHistogram = 'messaging_consumer_lag_seconds';

interface Asked<Answer> {
  readonly answer: Answer | undefined;
  readonly health: ServerHealth;
}

/** Asks every service and every server, all at once, and none for longer than `askTimeoutMs`. */
@Injectable()
export class ReadOverview {
  /** By the address of an instance: lag is told as what came since the last look. */
  private readonly lastLook = new Map<string, Buckets>();
  /** By service. */
  private readonly relaySeenAt = new Map<string, Temporal.Instant>();

  constructor(
    private readonly settings: OpsSettings,
    private readonly transactions: Transactions,
    private readonly broker: Broker,
    private readonly queueDepths: QueueDepths,
    private readonly jobQueues: JobQueues,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<Overview> {
    const [reports, postgres, rabbit, redis] = await Promise.all([
      Promise.all(this.settings.instances.map(probe)).then((reports) => reports.flat()),
      ask('Postgres', () =>
        this.transactions.query<{ server: string }>(`select current_setting('server_version') as server`),
      ),
      ask('RabbitMQ', () => this.readQueues()),
      ask('Redis', () => this.readJobs()),
    ]);
    const depths = rabbit.answer ?? [];
    const at = this.clock.now();
    return {
      at,
      services: reports.map(({ health }) => health),
      servers: [postgres.health, rabbit.health, redis.health],
      outboxes: this.outboxesOf(reports, at),
      consumers: this.consumersOf(reports),
      queues: depths.filter(({ queue }) => !isParking(queue)),
      parked: depths
        .filter(({ queue }) => isParking(queue))
        .map(({ queue, messages }) => ({ place: placeOf(queue), messages })),
      quarantined: quarantinedOf(reports),
      jobs: redis.answer ?? [],
    };
  }

  /** A broker that is known to be away is not waited for. */
  private async readQueues(): Promise<QueueState[]> {
    if (!this.broker.connected) throw new BrokerUnavailable('cannot be reached');
    return this.queueDepths.read();
  }

  private async readJobs(): Promise<JobQueueState[]> {
    const queues = await this.jobQueues.all();
    return Promise.all(
      queues.map(async (queue) => {
        const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
        const count = (state: string) => counts[state] ?? 0;
        return {
          queue: queue.name,
          waiting: count('waiting'),
          active: count('active'),
          delayed: count('delayed'),
          failed: count('failed'),
        };
      }),
    );
  }

  private consumersOf(reports: readonly Report[]): ConsumerState[] {
    const listening = reports.filter(({ health }) => consumingServices.has(health.service));
    return byService(listening, (service, ofService) => {
      const recent = sum(ofService.map((report) => this.lagSinceLastLook(report)));
      return {
        service,
        handled: countOf(recent),
        lagP95Seconds: quantile(recent, 0.95),
        waiting: total(ofService, 'messaging_unsettled_events'),
      };
    });
  }

  /**
   * Services that have an outbox have a relay, and say whether it works; only the one that does knows the outbox. One
   * that said so before has an outbox still, whether it answers or not.
   */
  private outboxesOf(reports: readonly Report[], at: Temporal.Instant): OutboxState[] {
    const telling = reports.filter(
      (report) => valuesOf(report, 'messaging_relay_working').length > 0 || this.relaySeenAt.has(report.health.service),
    );
    return byService(telling, (service, ofService) => {
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

  private lagSinceLastLook({ address, samples }: Report): Buckets {
    // A scrape that failed says nothing, and what came until then is told by the next one.
    if (samples.length === 0) return new Map();
    const now = bucketsOf(samples, lagHistogram);
    const recent = since(this.lastLook.get(address), now);
    this.lastLook.set(address, now);
    return recent;
  }
}

/** Every instance of payments counts the same rows, at moments of its own. */
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

async function ask<Answer>(server: string, question: () => Promise<Answer>): Promise<Asked<Answer>> {
  const late = Symbol('late');
  const cancel = new AbortController();
  try {
    const timer = sleep(askTimeoutMs, late, { signal: cancel.signal }).catch(() => late);
    const answer = await Promise.race([question(), timer]);
    if (answer === late)
      return { answer: undefined, health: { server, status: 'down', detail: 'does not answer in time' } };
    return { answer: answer as Answer, health: { server, status: 'up', detail: 'answers' } };
  } catch (error) {
    return { answer: undefined, health: { server, status: 'down', detail: (error as Error).message } };
  } finally {
    cancel.abort();
  }
}
