import { Injectable, Logger } from '@nestjs/common';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { newId } from '#kernel/ids.js';
import { withTimeout } from '#kernel/with-timeout.js';
import { Broker } from '../connection/broker.js';
import { SupervisedChannel } from '../connection/connection.js';
import { firstPublisher, producersOf } from '../connection/publisher-identity.js';
import { declareTopology, eventsExchange, liveQueue, packedSubject, subjectKey } from '../connection/topology.js';
import { type Envelope, readEnvelope } from '../envelope.js';
import { BrokerUnavailable } from '../faults.js';
import { MessagingOptions } from '../messaging.options.js';
import { foreignMessages } from '../metrics.js';
import { unpack } from '../publishing/packing.js';

/** The callbacks of one live stream. */
export interface Watcher {
  readonly onEvent: (event: Envelope) => void;
  /** Events may have been missed while the connection was lost: read the state again. */
  readonly onGap: () => void;
}

/**
 * Events at the moment they are published, for a server-sent stream. One exclusive queue per process is bound to the
 * watched subjects and, while there are any, to packed events; it is deleted with the connection. Nothing is durable or
 * repeated: begin to watch, then read the state, and read it again after a gap.
 */
@Injectable()
export class LiveEvents {
  private readonly logger = new Logger(LiveEvents.name);
  private readonly watchers = new Map<string, Set<Watcher>>();
  private readonly channel: SupervisedChannel;
  /** The broker's user who alone may publish a type. */
  private readonly producers: ReadonlyMap<string, string>;
  private queue = '';
  private gaps = false;

  constructor(
    broker: Broker,
    private readonly options: MessagingOptions,
  ) {
    this.producers = producersOf(options.catalogue.events, options.accounts);
    this.channel = new SupervisedChannel(broker.consuming, {
      name: `${options.service} live`,
      setup: (channel) => this.consume(channel),
      onLost: () => {
        this.gaps = true;
      },
    });
  }

  /**
   * Calls `watcher` for each event of `subject`, from the moment this resolves until the returned function is called.
   * @throws BrokerUnavailable when the broker does not answer within `timeoutMs`
   */
  async watch(subject: string, watcher: Watcher, timeoutMs = 3_000): Promise<() => void> {
    const deadline = performance.now() + timeoutMs;
    this.channel.open();
    const channel = await this.channel.ready(timeoutMs);
    const watchers = this.watchers.get(subject) ?? new Set();
    this.watchers.set(subject, watchers.add(watcher));
    const stop = () => this.unwatch(subject, watcher);
    try {
      await this.bind(channel, subject, deadline - performance.now());
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  /** Ends every live stream of this process. */
  close(): Promise<void> {
    return this.channel.close();
  }

  /** @throws BrokerUnavailable when the broker does not answer in time */
  private async bind(channel: ConfirmChannel, subject: string, timeoutMs: number): Promise<void> {
    const bindings = [subject, packedSubject].map((bound) =>
      channel.bindQueue(this.queue, eventsExchange, subjectKey(bound)),
    );
    try {
      await withTimeout(timeoutMs, Promise.all(bindings));
    } catch (error) {
      throw new BrokerUnavailable(`${this.options.service} live: ${(error as Error).message}`, { cause: error });
    }
  }

  private unwatch(subject: string, watcher: Watcher): void {
    const watchers = this.watchers.get(subject);
    if (!watchers?.delete(watcher) || watchers.size > 0) return;
    this.watchers.delete(subject);
    this.unbind(subject);
    if (this.watchers.size === 0) this.unbind(packedSubject);
  }

  private unbind(subject: string): void {
    // Without a channel the queue does not exist any more, nor do its bindings.
    this.channel.current?.unbindQueue(this.queue, eventsExchange, subjectKey(subject)).catch(() => {});
  }

  private async consume(channel: ConfirmChannel): Promise<void> {
    const { service } = this.options;
    await declareTopology(channel, this.options);
    const queue = liveQueue(service, newId());
    await channel.assertQueue(queue, { exclusive: true, autoDelete: true });
    this.queue = queue;
    const subjects = [...this.watchers.keys()];
    for (const subject of subjects.length > 0 ? [...subjects, packedSubject] : []) {
      await channel.bindQueue(queue, eventsExchange, subjectKey(subject));
    }
    await channel.consume(queue, (message) => this.receive(message), { noAck: true, exclusive: true });
    if (!this.gaps) return;
    this.gaps = false;
    for (const watchers of this.watchers.values()) for (const { onGap } of watchers) onGap();
  }

  private receive(message: ConsumeMessage | null): void {
    if (!message) {
      this.channel.reopen('the live queue was deleted');
      return;
    }
    try {
      const publisher = firstPublisher(message, this.options.accounts, this.options.service);
      for (const { event } of unpack(message)) this.notify(readEnvelope(event), publisher);
    } catch (error) {
      // The durable consumers park it; a live stream skips it.
      this.logger.warn(`unreadable event: ${(error as Error).message}`);
    }
  }

  /** An event of a publisher who is not its producer is skipped; the durable consumers park it. */
  private notify(event: Envelope, publisher: string): void {
    const producer = this.producers.get(event.type);
    if (producer !== undefined && producer !== publisher) {
      foreignMessages.inc({ service: this.options.service, type: event.type });
      this.logger.warn(`${event.type} is published by ${producer} alone, this one by ${publisher}`);
      return;
    }
    for (const { onEvent } of this.watchers.get(event.subject) ?? []) onEvent(event);
  }
}
