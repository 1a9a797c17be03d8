import { Logger } from '@nestjs/common';
import { Refusal } from '#kernel/refusal.js';
import { runWithTrace } from '#observability/trace.js';
import { type BatchHandler, type Envelope, traceOf } from '../envelope.js';
import { faultOf, InvalidPayload } from '../faults.js';
import type { MessagingOptions } from '../messaging.options.js';
import { batchSize, consumerLag, messagesHandled } from '../metrics.js';
import type { ParkReason } from '../parking/parking.js';
import type { DeferredMessages } from './deferred-messages.js';
import type { ReceivedEvent } from './event-reader.js';
import { groupInOrder } from './grouping.js';

/** How long one batch may go on, and what it defers. */
export interface DispatchContext {
  readonly deferred: DeferredMessages;
  /** @throws when the batch cannot be finished, because its channel is lost */
  readonly checkChannel: () => void;
  /** Pauses before attempt `attempt + 1`. @throws when the service stops meanwhile */
  readonly pause: (attempt: number, why: string) => Promise<void>;
}

/**
 * Calls the handlers for one batch of events, and decides what happens to the events of a failed call.
 *
 * A handler receives all events of its type in one call. An unavailable server fails every event alike, so the same
 * call is repeated until the server is back. After any other failure the events are handled one by one: an event with a
 * transient fault is scheduled for retry, a bounded number of times; the others are parked.
 */
export class EventDispatcher {
  private readonly logger: Logger;

  constructor(
    private readonly options: MessagingOptions,
    private readonly handlers: ReadonlyMap<string, BatchHandler>,
  ) {
    this.logger = new Logger(`Events ${options.service}`);
  }

  /** Each event is handled, or stands in `context.deferred`, when this resolves. Every type has a handler. */
  async dispatch(events: readonly ReceivedEvent[], context: DispatchContext): Promise<void> {
    for (const { type, items } of groupInOrder(events)) await this.handleGroup(type, items, context);
  }

  /** Runs in the trace of the first event; an event that is handled by itself runs in its own trace. */
  private async handleGroup(type: string, events: readonly ReceivedEvent[], context: DispatchContext): Promise<void> {
    const [first] = events;
    if (first) await runWithTrace(traceOf(first), () => this.tryGroup(type, events, first, context));
  }

  private async tryGroup(
    type: string,
    events: readonly ReceivedEvent[],
    first: ReceivedEvent,
    context: DispatchContext,
  ): Promise<void> {
    try {
      await this.call(type, events, context);
      this.count(type, 'done', events.length);
      const lag = consumerLag.labels({ service: this.options.service, type });
      for (const event of events) lag.observe(lagSeconds(event));
    } catch (error) {
      if (error instanceof Abandoned) throw error;
      if (error instanceof InvalidPayload) {
        const valid = events.filter((event, position) => {
          const refusal = error.faults.get(position);
          if (refusal) this.park(event, 'malformed', refusal, context);
          return !refusal;
        });
        await this.handleGroup(type, valid, context);
      } else if (events.length > 1) {
        this.logger.warn(`${type}: a batch of ${events.length} failed, now one by one: ${(error as Error).message}`);
        for (const event of events) await this.handleGroup(type, [event], context);
      } else {
        this.fail(first, error, context);
      }
    }
  }

  /** Repeats the call while a server is unavailable. @throws any other fault of the handler */
  private async call(type: string, events: readonly ReceivedEvent[], context: DispatchContext): Promise<void> {
    const handler = this.handlers.get(type) as BatchHandler;
    for (let attempt = 0; ; attempt++) {
      context.checkChannel();
      try {
        batchSize.observe({ service: this.options.service, type }, events.length);
        await handler(events);
        return;
      } catch (error) {
        if (faultOf(error) !== 'unavailable') throw error;
        await context.pause(attempt, `${type}: ${events.length} wait: ${(error as Error).message}`);
      }
    }
  }

  private fail(event: ReceivedEvent, error: unknown, context: DispatchContext): void {
    if (faultOf(error) !== 'transient') {
      this.park(event, error instanceof Refusal ? 'refused' : 'bug', error, context);
    } else if (context.deferred.retry(event.asSingle(), error)) {
      this.logger.warn(`${event.type} ${event.id}: scheduled for retry: ${(error as Error).message}`);
      this.count(event.type, 'retried', 1);
    } else {
      this.park(event, 'retries-exhausted', error, context);
    }
  }

  private park(event: ReceivedEvent, reason: ParkReason, error: unknown, { deferred }: DispatchContext): void {
    runWithTrace(traceOf(event), () =>
      this.logger.error({ err: error, type: event.type, messageId: event.id, reason }, 'message parked'),
    );
    this.count(event.type, 'parked', 1);
    deferred.park(event.asSingle(), reason, error);
  }

  private count(type: string, outcome: 'done' | 'retried' | 'parked', messages: number): void {
    messagesHandled.inc({ service: this.options.service, type, outcome }, messages);
  }
}

/** The batch cannot be finished: its channel is lost, or the service stops while a server is unavailable. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

function lagSeconds({ time }: Envelope): number {
  return Math.max(0, Date.now() - time.epochMilliseconds) / 1_000;
}
