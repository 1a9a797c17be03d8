import { isRetryQueue } from '#messaging/connection/topology.js';

/** The health of all services and servers at one moment. */
export interface Overview {
  readonly at: Temporal.Instant;
  readonly services: readonly ServiceHealth[];
  readonly servers: readonly ServerHealth[];
  readonly outboxes: readonly OutboxState[];
  readonly consumers: readonly ConsumerState[];
  readonly queues: readonly QueueState[];
  readonly parked: readonly { readonly place: string; readonly messages: number }[];
  /** Null when no instance of payments reports it. */
  readonly quarantined: Quarantined | null;
  readonly jobs: readonly JobQueueState[];
}

export type Health = 'up' | 'degraded' | 'down';

export interface ServiceHealth {
  readonly service: string;
  readonly url: string;
  readonly status: Health;
  /** The failing parts, each with its message. */
  readonly failing: Readonly<Record<string, string>>;
}

export interface ServerHealth {
  readonly server: string;
  readonly status: Health;
  readonly detail: string;
}

export interface OutboxState {
  readonly service: string;
  /** Null without a working relay: only that one reads the outbox. */
  readonly depth: number | null;
  readonly ageSeconds: number | null;
  readonly relaysWorking: number;
  /** When an overview last found a working relay; null when none has yet. */
  readonly relaySeenAt: Temporal.Instant | null;
}

export interface ConsumerState {
  readonly service: string;
  readonly handled: number;
  readonly lagP95Seconds: number | null;
  readonly waiting: number;
}

export interface QueueState {
  readonly queue: string;
  readonly messages: number;
  readonly consumers: number;
}

/** Notifications of providers that were not applied, and that no operator has dismissed. */
export interface Quarantined {
  readonly notifications: number;
  readonly oldestSeconds: number;
}

export interface JobQueueState {
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

/** Events wait in an outbox for milliseconds; after this time the relay does not work. */
const outboxAgeSecondsMax = 10;
/** No relay works while one takes over from another; a standby relay tries about every second. */
const takeoverSecondsMax = 10;
const lagSecondsMax = 30;

/** Sentences for the operator about what needs attention; empty when all is well. */
export function concernsOf(overview: Overview): string[] {
  const concerns: string[] = [];
  for (const { server, status, detail } of overview.servers) {
    if (status !== 'up') concerns.push(`${server} is away: ${detail}.`);
  }
  for (const { service, url, status, failing } of overview.services) {
    const parts = Object.entries(failing).map(([part, words]) => `${part} (${words})`);
    if (status === 'down') concerns.push(`${service} at ${url} is not ready: ${parts.join(', ')}.`);
    if (status === 'degraded') concerns.push(`${service} at ${url} works without ${parts.join(', ')}.`);
  }
  for (const { service, depth, ageSeconds, relaysWorking, relaySeenAt } of overview.outboxes) {
    if (ageSeconds !== null && ageSeconds > outboxAgeSecondsMax) {
      concerns.push(`${depth} events wait in the outbox of ${service}, the oldest for ${Math.round(ageSeconds)} s.`);
    }
    const mayBeTakingOver =
      relaySeenAt !== null && overview.at.since(relaySeenAt).total('seconds') <= takeoverSecondsMax;
    if (relaysWorking === 0 && !mayBeTakingOver) concerns.push(`No relay of ${service} works.`);
    if (relaysWorking > 1) concerns.push(`${relaysWorking} relays of ${service} say that they work; one should.`);
  }
  for (const { service, lagP95Seconds } of overview.consumers) {
    if (lagP95Seconds !== null && lagP95Seconds > lagSecondsMax) {
      concerns.push(`${service} handles events ${Math.round(lagP95Seconds)} s after they were published.`);
    }
  }
  for (const { queue, messages, consumers } of overview.queues) {
    if (consumers === 0 && !isRetryQueue(queue))
      concerns.push(`Nobody consumes the queue ${queue}; it holds ${counted(messages, 'message')}.`);
  }
  for (const { place, messages } of overview.parked) {
    if (messages > 0) concerns.push(`${counted(messages, 'message')} parked: ${place}.`);
  }
  if (overview.quarantined && overview.quarantined.notifications > 0) {
    const { notifications, oldestSeconds } = overview.quarantined;
    const since = formatAge(oldestSeconds);
    concerns.push(
      notifications === 1
        ? `1 notification of a provider is quarantined, for ${since}.`
        : `${notifications} notifications of providers are quarantined, the oldest for ${since}.`,
    );
  }
  for (const { queue, failed } of overview.jobs) {
    if (failed > 0) concerns.push(`${counted(failed, 'job')} of ${queue} failed for good.`);
  }
  return concerns;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** An age in the largest unit of which it has at least two. */
export function formatAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
