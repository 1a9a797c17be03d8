import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ConfirmChannel } from 'amqplib';
import { endsWithin } from '#kernel/with-timeout.js';
import type { Broker } from '../connection/broker.js';
import { SupervisedChannel } from '../connection/connection.js';
import { declareRetryQueues, declareTopology, serviceQueue } from '../connection/topology.js';
import type { BatchHandler } from '../envelope.js';
import { backoffMs } from '../faults.js';
import { InterruptibleTimer } from '../interruptible-timer.js';
import type { MessagingOptions } from '../messaging.options.js';
import { unsettledEvents } from '../metrics.js';
import { Publisher } from '../publishing/publisher.js';
import { Throttle } from '../throttle.js';
import { DeferredMessages } from './deferred-messages.js';
import { Abandoned, EventDispatcher } from './event-dispatcher.js';
import { EventReader } from './event-reader.js';
import { type Delivery, PrefetchWindow } from './prefetch-window.js';

/** How long a shutdown waits for the events that have arrived; the rest returns to the queue. */
const drainMs = 10_000;

/**
 * Receives the events of a service in batches: what has arrived, up to a bound, as soon as it arrives.
 *
 * A message is acknowledged only after its events were handled, scheduled for retry, or parked; the broker has
 * confirmed the latter two. If the process or the channel dies earlier, the message is redelivered, and the inbox
 * ignores the repeat.
 *
 * `EventReader` reads a delivery, `EventDispatcher` calls the handlers, `DeferredMessages` holds what was not handled.
 * Events that were packed into one message are retried or parked one by one.
 */
export class EventConsumer {
  private readonly logger: Logger;
  private readonly channel: SupervisedChannel;
  private readonly publisher: Publisher;
  private readonly reader: EventReader;
  private readonly dispatcher: EventDispatcher;
  private readonly pauses = new InterruptibleTimer();
  private readonly throttle = new Throttle();
  private window: PrefetchWindow | undefined;
  private pumping: Promise<void> | undefined;
  private stopping = false;

  constructor(
    broker: Broker,
    private readonly options: MessagingOptions,
    handlers: ReadonlyMap<string, BatchHandler>,
  ) {
    const { service } = options;
    this.logger = new Logger(`Events ${service}`);
    this.reader = new EventReader(options, handlers.keys());
    this.dispatcher = new EventDispatcher(options, handlers);
    this.channel = new SupervisedChannel(broker.consuming, {
      name: `${service} events`,
      setup: (channel) => this.begin(channel),
      onLost: () => this.dropWindow(),
    });
    this.publisher = new Publisher(broker.publishing, `${service} defers`, options.confirmTimeoutMs, (channel) =>
      this.declare(channel),
    );
  }

  /** Resolves when it consumes, or after `timeoutMs`; then consuming begins as soon as the broker is there. */
  async start(timeoutMs: number): Promise<void> {
    this.publisher.open();
    this.channel.open();
    await this.channel.ready(timeoutMs).catch((error: Error) => this.logger.warn(`${error.message}: still trying`));
  }

  /** Stops consuming and handles what has arrived, for at most ten seconds. */
  async drain(): Promise<void> {
    this.stopping = true;
    this.pauses.wake();
    await endsWithin(drainMs, this.finish());
    this.dropWindow();
    await Promise.all([this.channel.close(), this.publisher.close()]);
  }

  private async finish(): Promise<void> {
    try {
      await this.window?.stop();
    } catch {
      // The channel is gone, and with it the consumer.
    }
    await this.pumping;
  }

  private async declare(channel: ConfirmChannel): Promise<void> {
    await declareTopology(channel, this.options);
    await declareRetryQueues(channel, this.options.service, this.options.retryDelaysMs.length);
  }

  private async begin(channel: ConfirmChannel): Promise<void> {
    await this.declare(channel);
    const window = new PrefetchWindow(channel, {
      queue: serviceQueue(this.options.service),
      prefetch: this.options.prefetch,
      batchMax: this.options.batchMax,
      onArrival: () => {
        this.report();
        this.pump();
      },
      onCancelled: () => this.channel.reopen('the broker cancelled the consumer'),
    });
    this.window = window;
    this.report();
    await window.start();
  }

  private dropWindow(): void {
    this.window?.markLost();
    this.window = undefined;
    this.report();
    this.pauses.wake();
  }

  private pump(): void {
    this.pumping ??= this.handleAll().finally(() => {
      this.pumping = undefined;
      if (this.window?.waitingEvents) this.pump();
    });
  }

  private async handleAll(): Promise<void> {
    // Everything that the socket brought in this turn belongs to one batch.
    await nextTurn();
    for (let window = this.window; window?.waitingEvents; window = this.window) {
      try {
        const isFull = window.waitingEvents >= this.options.batchMax;
        if (!isFull && this.throttle.restMs > 0) await this.pauses.sleep(this.throttle.restMs);
        const beganAt = performance.now();
        const deliveries = await window.next();
        this.throttle.noteBatch(
          deliveries.reduce((sum, { events }) => sum + events, 0),
          beganAt,
        );
        await this.handle(window, deliveries);
        await window.settle(deliveries);
        this.report();
      } catch (error) {
        if (!(error instanceof Abandoned) && !window.isLost) this.logger.error(error);
        // What is not acknowledged is redelivered on the next channel, which may be open already.
        if (window === this.window && !this.stopping) this.channel.reopen('a batch could not be finished');
        window.markLost();
      }
    }
  }

  private async handle(window: PrefetchWindow, deliveries: readonly Delivery[]): Promise<void> {
    const deferred = new DeferredMessages(this.options.service, this.options.retryDelaysMs);
    const events = deliveries.flatMap((delivery) => this.reader.read(delivery, deferred));
    const checkChannel = () => {
      if (window.isLost) throw new Abandoned('the channel is lost');
    };
    const pause = (attempt: number, why: string) => this.pause(attempt, why);
    await this.dispatcher.dispatch(events, { deferred, checkChannel, pause });
    await this.publish(deferred, checkChannel);
  }

  /** Repeats until the broker has confirmed every deferred message: only then may the batch be acknowledged. */
  private async publish({ publications }: DeferredMessages, checkChannel: () => void): Promise<void> {
    for (let attempt = 0; publications.length > 0; attempt++) {
      checkChannel();
      try {
        await this.publisher.publish(publications);
        return;
      } catch (error) {
        await this.pause(attempt, `cannot defer ${publications.length} messages: ${(error as Error).message}`);
      }
    }
  }

  private async pause(attempt: number, why: string): Promise<void> {
    if (this.stopping) throw new Abandoned('the service stops while a server is unavailable');
    this.logger.warn(why);
    await this.pauses.sleep(backoffMs(attempt));
  }

  private report(): void {
    const { service } = this.options;
    unsettledEvents.set({ service, queue: serviceQueue(service) }, this.window?.unacknowledgedEvents ?? 0);
  }
}
