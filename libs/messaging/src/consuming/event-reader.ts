import { Logger } from '@nestjs/common';
import { runWithTrace } from '#observability/trace.js';
import { firstPublisher, producersOf, withFirstPublisher } from '../connection/publisher-identity.js';
import { type Envelope, readEnvelope, traceOf } from '../envelope.js';
import type { MessagingOptions } from '../messaging.options.js';
import { foreignMessages, messagesHandled } from '../metrics.js';
import type { ParkReason } from '../parking/parking.js';
import { type PackedEvent, type Received, unpack } from '../publishing/packing.js';
import type { DeferredMessages } from './deferred-messages.js';
import { type Delivery, isSuspect } from './prefetch-window.js';

/** An event, and the message that would carry it alone. */
export interface ReceivedEvent extends Envelope, Pick<PackedEvent, 'asSingle'> {}

/** Reads the events of a delivery and parks what no handler can receive. */
export class EventReader {
  private readonly logger: Logger;
  private readonly types: ReadonlySet<string>;
  private readonly newest: ReadonlyMap<string, number>;
  /** The broker's user who alone may publish a type. */
  private readonly producers: ReadonlyMap<string, string>;

  /** @param types the types that have a handler */
  constructor(
    private readonly options: MessagingOptions,
    types: Iterable<string>,
  ) {
    this.logger = new Logger(`Events ${options.service}`);
    this.types = new Set(types);
    this.newest = newestVersions(this.types);
    this.producers = producersOf(options.catalogue.events, options.accounts);
  }

  /** The events that have a handler, in their order. All others are added to `deferred`. */
  read({ crashes, ...received }: Delivery, deferred: DeferredMessages): ReceivedEvent[] {
    const publisher = firstPublisher(received.message, this.options.accounts, this.options.service);
    const delivery = { ...received, crashes, message: withFirstPublisher(received.message, publisher) };
    let events: readonly PackedEvent[];
    try {
      events = unpack(delivery.message);
    } catch (error) {
      this.park(delivery.message, 'unparsable', error, deferred);
      return [];
    }
    if (events.length > 1 && isSuspect(delivery)) {
      this.logger.warn(`${events.length} packed events crashed their consumer: they are republished one by one`);
      for (const { asSingle } of events) deferred.requeue(asSingle());
      return [];
    }
    if (crashes >= this.options.crashesMax) {
      const error = new Error(`the consumer crashed ${crashes} times before it acknowledged the message`);
      this.park(delivery.message, 'crashes-its-consumer', error, deferred);
      return [];
    }
    return events.flatMap((event) => this.readEvent(event, publisher, deferred) ?? []);
  }

  private readEvent(
    { event, asSingle }: PackedEvent,
    publisher: string,
    deferred: DeferredMessages,
  ): ReceivedEvent | undefined {
    let envelope: Envelope;
    try {
      envelope = readEnvelope(event);
    } catch (error) {
      return this.park(asSingle(), 'unparsable', error, deferred);
    }
    if (!this.types.has(envelope.type))
      return runWithTrace(traceOf(envelope), () => this.parkUnknown(envelope.type, asSingle(), deferred));
    if (this.producers.get(envelope.type) !== publisher)
      return runWithTrace(traceOf(envelope), () => this.parkForeign(envelope.type, publisher, asSingle(), deferred));
    return { ...envelope, asSingle };
  }

  private parkUnknown(type: string, message: Received, deferred: DeferredMessages): undefined {
    const { service } = this.options;
    const { name, version } = versionOf(type);
    const newest = this.newest.get(name);
    if (newest === undefined || version <= newest)
      return this.park(message, 'unknown-type', new Error(`${service} has no handler for ${type}`), deferred);
    const error = new Error(`${service} handles ${name} up to version ${newest}`);
    return this.park(message, 'too-new-version', error, deferred);
  }

  private parkForeign(type: string, publisher: string, message: Received, deferred: DeferredMessages): undefined {
    foreignMessages.inc({ service: this.options.service, type });
    const error = new Error(`${type} is published by ${this.producers.get(type)} alone, this one by ${publisher}`);
    return this.park(message, 'foreign-publisher', error, deferred);
  }

  private park(message: Received, reason: ParkReason, error: unknown, deferred: DeferredMessages): undefined {
    const { messageId = 'a message without an id' } = message.properties;
    this.logger.error(`parked ${messageId}: ${reason}: ${(error as Error).message}`);
    messagesHandled.inc({ service: this.options.service, type: 'unreadable', outcome: 'parked' });
    deferred.park(message, reason, error);
  }
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
