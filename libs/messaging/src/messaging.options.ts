import { events, requests } from '#contracts/catalogue.js';
import type { EventContract, RequestContract, Service } from '#contracts/contract.js';

/** All messages that exist. */
export interface Catalogue {
  readonly events: readonly EventContract[];
  readonly requests: readonly RequestContract[];
}

/** What an app says of itself; the rest has defaults that fit all of them. */
export interface MessagingSettings {
  readonly service: Service;
  /** The broker, its vhost included. */
  readonly amqpUrl: string;
  /** The service's own database. Without it the service tells no events: it has no outbox and no relay. */
  readonly databaseUrl?: string;
  readonly catalogue?: Catalogue;
  /** How many events or requests one handler call gets at the most. */
  readonly batchMax?: number;
  /** How many rows the relay publishes before it waits for their confirms. */
  readonly windowMax?: number;
  /** How long the relay sleeps when nobody wakes it. */
  readonly pollMs?: number;
  /** The pauses before each further attempt at a message that failed by a transient fault; then it is parked. */
  readonly retryDelaysMs?: readonly number[];
  /** After how many crashes of its consumer a message is parked. */
  readonly crashesMax?: number;
  /** How long the broker may take to confirm. */
  readonly confirmTimeoutMs?: number;
  /**
   * How long the database waits for a relay that is silent before it ends its session, and with it the relay's lock.
   */
  readonly silenceMs?: number;
  /** Unacknowledged messages per consumer of events, and of requests per type that is stuck. */
  readonly prefetch?: number;
}

/** The settings with their defaults, as the parts of this library are given them. */
export class MessagingOptions {
  readonly service: Service;
  readonly amqpUrl: string;
  readonly databaseUrl: string | undefined;
  readonly catalogue: Catalogue;
  readonly batchMax: number;
  readonly windowMax: number;
  readonly pollMs: number;
  readonly retryDelaysMs: readonly number[];
  readonly crashesMax: number;
  readonly confirmTimeoutMs: number;
  readonly silenceMs: number;
  readonly prefetch: number;

  constructor(settings: MessagingSettings) {
    this.service = settings.service;
    this.amqpUrl = settings.amqpUrl;
    this.databaseUrl = settings.databaseUrl;
    this.catalogue = settings.catalogue ?? { events, requests };
    this.batchMax = settings.batchMax ?? 500;
    this.windowMax = settings.windowMax ?? 1_000;
    this.pollMs = settings.pollMs ?? 2_000;
    this.retryDelaysMs = settings.retryDelaysMs ?? [500, 2_000, 10_000, 60_000, 300_000];
    this.crashesMax = settings.crashesMax ?? 5;
    this.confirmTimeoutMs = settings.confirmTimeoutMs ?? 10_000;
    this.silenceMs = settings.silenceMs ?? 30_000;
    this.prefetch = settings.prefetch ?? 300;
  }
}
