import { events, requests } from '#contracts/catalogue.js';
import type { EventContract, RequestContract, Service } from '#contracts/contract.js';
import { BrokerAccounts } from './broker-accounts.js';

/** All messages that exist. */
export interface Catalogue {
  readonly events: readonly EventContract[];
  readonly requests: readonly RequestContract[];
}

/** The settings of one app. Optional ones have defaults that fit every service; tests change them. */
export interface MessagingSettings {
  readonly service: Service;
  /** The URL of the broker, with the service's user and the vhost. */
  readonly amqpUrl: string;
  /** The database of the service. Without it the service publishes no events: it has no outbox and no relay. */
  readonly databaseUrl?: string;
  readonly catalogue?: Catalogue;
  /** The most events or requests in one call of a handler. */
  readonly batchMax?: number;
  /** The most rows that the relay publishes before it waits for their confirms. */
  readonly windowMax?: number;
  /** How long the relay sleeps when no NOTIFY wakes it. */
  readonly pollMs?: number;
  /** The pause before each further attempt after a transient fault. After the last one the message is parked. */
  readonly retryDelaysMs?: readonly number[];
  /** The number of crashes of its consumer after which a message is parked. */
  readonly crashesMax?: number;
  /** How long the broker may take to confirm. */
  readonly confirmTimeoutMs?: number;
  /**
   * How long the database keeps the session of a silent relay. When it ends the session, another relay gets the lock.
   */
  readonly silenceMs?: number;
  /** The most unacknowledged messages of a consumer of events, and of requests of one saturated type. */
  readonly prefetch?: number;
}

/** The pauses after transient faults, where a service sets no others. */
export const retryDelaysMs: readonly number[] = [500, 2_000, 10_000, 60_000, 300_000];

/** The settings with their defaults, as every part of this library injects them. */
export class MessagingOptions {
  readonly service: Service;
  readonly amqpUrl: string;
  readonly accounts: BrokerAccounts;
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
    this.accounts = new BrokerAccounts(settings.amqpUrl, settings.service);
    this.databaseUrl = settings.databaseUrl;
    this.catalogue = settings.catalogue ?? { events, requests };
    this.batchMax = settings.batchMax ?? 500;
    this.windowMax = settings.windowMax ?? 1_000;
    this.pollMs = settings.pollMs ?? 2_000;
    this.retryDelaysMs = settings.retryDelaysMs ?? retryDelaysMs;
    this.crashesMax = settings.crashesMax ?? 5;
    this.confirmTimeoutMs = settings.confirmTimeoutMs ?? 10_000;
    this.silenceMs = settings.silenceMs ?? 30_000;
    this.prefetch = settings.prefetch ?? 300;
  }
}
