import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import type { ConfirmChannel } from 'amqplib';
import { Refusal } from '#kernel/refusal.js';
import { newTrace, runWithTrace, type Trace } from '#observability/trace.js';
import type { Broker } from '../connection/broker.js';
import { SupervisedChannel } from '../connection/connection.js';
import { declareRetryQueues, declareTopology, serviceQueue } from '../connection/topology.js';
import { type Envelope, readEnvelope } from '../envelope.js';
import { backoffMs, faultOf } from '../faults.js';
import { InterruptibleTimer } from '../interruptible-timer.js';
import type { MessagingOptions } from '../messaging.options.js';
import { batchSize, consumerLag, messagesHandled, unsettledEvents } from '../metrics.js';
import { InvalidPayload } from '../nest/batch-of.js';
import { callHandler } from '../nest/handlers.js';
import { attemptsOf, delayed, type ParkReason, parked, type Received, republished } from '../parking/parking.js';
import { type PackedEvent, unpack } from '../publishing/packing.js';
import { type Publication, Publisher } from '../publishing/publisher.js';
import { groupInOrder } from './grouping.js';
import { type Delivery, isSuspect, PrefetchWindow } from './prefetch-window.js';
import { Throttle } from './throttle.js';

/** How long a shutdown lets what has arrived be handled; the rest goes back to the queue. */
const drainMs = 10_000;

/** A event, and the message that it would be by itself. */
interface Item extends Envelope, Pick<PackedEvent, 'alone'> {}

/** The batch cannot be finished here: the channel is gone, or a shutdown does not wait for a server that is away. */
class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/**
 * Hears a service's events, one batch at a time: what has arrived, up to a bound, as soon as it arrives.
 *
 * Acknowledged is only what has become of: handled, set aside for a later attempt, or parked, and the latter two
 * confirmed by the broker. Whenever the process or the channel dies before that, the messages come again; the inbox
 * makes that harmless.
 *
 * Events that were packed into one message are taken apart here: each is retried or parked by itself.
 *
 * A handler gets all messages of its type in one call. When that fails by a fault of a server that everything needs,
 * the same call is repeated until the server is back. When it fails otherwise, the messages are handled one by one:
 * those that fail transiently are delayed, a bounded number of times; the others are parked.
 */
export class EventConsumer {
  private readonly logger: Logger;
  private readonly channel: SupervisedChannel;
  private readonly publisher: Publisher;
  private readonly holds = new InterruptibleTimer();
  private readonly pace = new Throttle();
  private readonly known: ReadonlyMap<string, number>;
  private intake: PrefetchWindow | undefined;
  private pumping: Promise<void> | undefined;
  private stopping = false;

  constructor(
    broker: Broker,
    private readonly options: MessagingOptions,
    private readonly handlers: ReadonlyMap<string, MessageHandler>,
  ) {
    const { service } = options;
    this.logger = new Logger(`Events ${service}`);
    this.known = newestVersions(handlers.keys());
    this.channel = new SupervisedChannel(broker.consuming, {
      name: `${service} events`,
      setup: (channel) => this.begin(channel),
      lost: () => this.lose(),
    });
    this.publisher = new Publisher(broker.publishing, `${service} sets aside`, options.confirmTimeoutMs, (channel) =>
      this.declare(channel),
    );
  }

  /** Resolves when it consumes, or after `patienceMs`: then it will as soon as the broker is there. */
  async start(patienceMs: number): Promise<void> {
    this.publisher.open();
    this.channel.open();
    await this.channel.ready(patienceMs).catch((error: Error) => this.logger.warn(`${error.message}: still trying`));
  }

  async drain(): Promise<void> {
    this.stopping = true;
    this.holds.wake();
    const patience = new InterruptibleTimer();
    await Promise.race([this.finish(), patience.sleep(drainMs)]);
    patience.wake();
    this.lose();
    await Promise.all([this.channel.close(), this.publisher.close()]);
  }

  private async finish(): Promise<void> {
    try {
      await this.intake?.stop();
    } catch {
      // The channel is gone, and with it the consumer.
    }
    await this.pumping;
  }

  private async declare(channel: ConfirmChannel): Promise<void> {
    await declareTopology(channel, this.options.catalogue);
    await declareRetryQueues(channel, this.options.service, this.options.retryDelaysMs.length);
  }

  private async begin(channel: ConfirmChannel): Promise<void> {
    await this.declare(channel);
    const intake = new PrefetchWindow(channel, {
      queue: serviceQueue(this.options.service),
      prefetch: this.options.prefetch,
      batchMax: this.options.batchMax,
      arrived: () => {
        this.report();
        this.pump();
      },
      cancelled: () => this.channel.reopen('the broker cancelled the consumer'),
    });
    this.intake = intake;
    this.report();
    await intake.start();
  }

  private lose(): void {
    this.intake?.lose();
    this.intake = undefined;
    this.report();
    this.holds.wake();
  }

  private pump(): void {
    this.pumping ??= this.handleAll().finally(() => {
      this.pumping = undefined;
      if (this.intake?.waiting) this.pump();
    });
  }

  private async handleAll(): Promise<void> {
    // Everything that the socket brought in this turn belongs to one batch.
    await nextTurn();
    for (let intake = this.intake; intake?.waiting; intake = this.intake) {
      try {
        if (intake.waiting < this.options.batchMax && this.pace.restMs > 0) await this.holds.sleep(this.pace.restMs);
        const began = performance.now();
        const deliveries = await intake.next();
        this.pace.keep(
          deliveries.reduce((sum, { events }) => sum + events, 0),
          began,
        );
        await this.handle(intake, deliveries);
        await intake.settle(deliveries);
        this.report();
      } catch (error) {
        if (!(error instanceof Abandoned) && !intake.isLost) this.logger.error(error);
        // Whatever is not acknowledged comes again on the next channel, which may be open already.
        if (intake === this.intake && !this.stopping) this.channel.reopen('a batch could not be finished');
        intake.lose();
      }
    }
  }

  private async handle(intake: PrefetchWindow, deliveries: readonly Delivery[]): Promise<void> {
    const asides: Publication[] = [];
    const items: Item[] = [];
    for (const delivery of deliveries) items.push(...this.read(delivery, asides));
    for (const { type, items: group } of groupInOrder(items)) {
      await this.handleGroup(intake, type, group, asides);
    }
    await this.setAside(intake, asides);
  }

  /** The events in a delivery that handlers may see; adds to `asides` where anything else goes instead. */
  private read(delivery: Delivery, asides: Publication[]): Item[] {
    const { service, crashesMax } = this.options;
    let events: readonly PackedEvent[];
    try {
      events = unpack(delivery.message);
    } catch (error) {
      this.parkUnread(delivery.message, 'unparsable', error, asides);
      return [];
    }
    if (events.length > 1 && isSuspect(delivery)) {
      this.logger.warn(`${events.length} events that came together ended their consumer, now one by one`);
      asides.push(...events.map(({ alone }) => republished(alone(), '', serviceQueue(service))));
      return [];
    }
    if (delivery.crashes >= crashesMax) {
      const error = new Error(`its consumer ended ${delivery.crashes} times without an answer`);
      this.parkUnread(delivery.message, 'crashes-its-consumer', error, asides);
      return [];
    }
    return events.flatMap((event) => this.admit(event, asides) ?? []);
  }

  /** The event if there is a handler for it; otherwise adds to `asides` where it goes instead. */
  private admit({ event, alone }: PackedEvent, asides: Publication[]): Item | undefined {
    let envelope: Envelope;
    try {
      envelope = readEnvelope(event);
    } catch (error) {
      return this.parkUnread(alone(), 'unparsable', error, asides);
    }
    if (this.handlers.has(envelope.type)) return { ...envelope, alone };
    return runWithTrace(traceOf(envelope), () => this.parkUnknown(envelope.type, alone(), asides));
  }

  private parkUnknown(type: string, message: Received, asides: Publication[]): undefined {
    const { service } = this.options;
    const { name, version } = versionOf(type);
    const newest = this.known.get(name);
    return newest !== undefined && version > newest
      ? this.parkUnread(
          message,
          'too-new-version',
          new Error(`${service} knows ${name} up to version ${newest}`),
          asides,
        )
      : this.parkUnread(message, 'unknown-type', new Error(`${service} has no handler for ${type}`), asides);
  }

  private parkUnread(message: Received, reason: ParkReason, error: unknown, asides: Publication[]): undefined {
    const { service } = this.options;
    const { messageId = 'a message without an id' } = message.properties;
    this.logger.error(`parked ${messageId}: ${reason}: ${(error as Error).message}`);
    messagesHandled.inc({ service, type: 'unreadable', outcome: 'parked' });
    asides.push(parked(service, message, reason, error));
  }

  /** In the trace of its first message; what is handled alone is in its own. */
  private handleGroup(
    intake: PrefetchWindow,
    type: string,
    items: readonly Item[],
    asides: Publication[],
  ): Promise<void> {
    return runWithTrace(traceOf(items[0] as Item), () => this.tryGroup(intake, type, items, asides));
  }

  private async tryGroup(
    intake: PrefetchWindow,
    type: string,
    items: readonly Item[],
    asides: Publication[],
  ): Promise<void> {
    try {
      await this.call(intake, type, items);
      this.count(type, 'done', items.length);
      const lag = consumerLag.labels({ service: this.options.service, type });
      for (const item of items) lag.observe(lagSeconds(item));
    } catch (error) {
      if (error instanceof Abandoned) throw error;
      if (error instanceof InvalidPayload) {
        for (const [position, fault] of error.faults) this.park(items[position] as Item, 'malformed', fault, asides);
        const fit = items.filter((_, position) => !error.faults.has(position));
        if (fit.length > 0) await this.handleGroup(intake, type, fit, asides);
      } else if (items.length > 1) {
        this.logger.warn(`${type}: a batch of ${items.length} failed, now one by one: ${(error as Error).message}`);
        for (const item of items) await this.handleGroup(intake, type, [item], asides);
      } else {
        this.fail(items[0] as Item, error, asides);
      }
    }
  }

  /** Calls the handler until it succeeds or fails by a fault of its own; a server that is away is waited for. */
  private async call(intake: PrefetchWindow, type: string, items: readonly Item[]): Promise<void> {
    const handler = this.handlers.get(type) as MessageHandler;
    for (let attempt = 0; ; attempt++) {
      if (intake.isLost) throw new Abandoned('the channel is gone');
      try {
        batchSize.observe({ service: this.options.service, type }, items.length);
        await callHandler(handler, items);
        return;
      } catch (error) {
        if (faultOf(error) !== 'away') throw error;
        await this.hold(attempt, `${type}: ${items.length} wait: ${(error as Error).message}`);
      }
    }
  }

  private async hold(attempt: number, why: string): Promise<void> {
    if (this.stopping) throw new Abandoned('shutting down while a server is away');
    this.logger.warn(why);
    await this.holds.sleep(backoffMs(attempt));
  }

  private fail(item: Item, error: unknown, asides: Publication[]): void {
    const { service, retryDelaysMs } = this.options;
    const message = item.alone();
    if (faultOf(error) !== 'transient') {
      this.park(item, error instanceof Refusal ? 'refused' : 'bug', error, asides);
    } else if (attemptsOf(message) >= retryDelaysMs.length) {
      this.park(item, 'retries-exhausted', error, asides);
    } else {
      this.logger.warn(`${item.type} ${item.id}: will be tried again: ${(error as Error).message}`);
      this.count(item.type, 'retried', 1);
      asides.push(delayed(service, message, retryDelaysMs, error));
    }
  }

  private park(item: Item, reason: ParkReason, error: unknown, asides: Publication[]): void {
    runWithTrace(traceOf(item), () =>
      this.logger.error({ err: error, type: item.type, messageId: item.id, reason }, 'message parked'),
    );
    this.count(item.type, 'parked', 1);
    asides.push(parked(this.options.service, item.alone(), reason, error));
  }

  /** Only when the broker has them safely elsewhere may they be acknowledged here. */
  private async setAside(intake: PrefetchWindow, asides: readonly Publication[]): Promise<void> {
    for (let attempt = 0; asides.length > 0; attempt++) {
      if (intake.isLost) throw new Abandoned('the channel is gone');
      try {
        await this.publisher.publish(asides);
        return;
      } catch (error) {
        await this.hold(attempt, `cannot set ${asides.length} messages aside: ${(error as Error).message}`);
      }
    }
  }

  private report(): void {
    const { service } = this.options;
    unsettledEvents.set({ service, queue: serviceQueue(service) }, this.intake?.unsettled ?? 0);
  }

  private count(type: string, outcome: 'done' | 'retried' | 'parked', messages: number): void {
    messagesHandled.inc({ service: this.options.service, type, outcome }, messages);
  }
}

function traceOf({ traceparent, correlationId }: Envelope): Trace {
  return newTrace(traceparent, correlationId);
}

function lagSeconds({ time }: Envelope): number {
  return Math.max(0, Date.now() - time.epochMilliseconds) / 1_000;
}

/** `payments.payment-registered.v2` is version 2 of `payments.payment-registered`. */
function versionOf(type: string): { name: string; version: number } {
  const [, name = type, version = '0'] = /^(.*)\.v(\d+)$/.exec(type) ?? [];
  return { name, version: Number(version) };
}

function newestVersions(types: Iterable<string>): Map<string, number> {
  const newest = new Map<string, number>();
  for (const type of types) {
    const { name, version } = versionOf(type);
    newest.set(name, Math.max(version, newest.get(name) ?? 0));
  }
  return newest;
}
