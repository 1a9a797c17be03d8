import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ResponseOf } from '#contracts/contract.js';
import { getOrderProgress } from '#contracts/subscriptions/orders.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { LiveEvents } from '#messaging/consuming/live-events.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { type CallerIdentity, visibleTo } from '../edge/admission/caller.js';
import { Services } from '../edge/services/services.js';
import { GatewaySettings } from '../gateway.config.js';
import { type PlacedStream, StreamShares } from './stream-shares.js';

type Progress = ResponseOf<typeof getOrderProgress>;

/**
 * Without a hint the order is read again after this time, and the client gets a comment that keeps the stream alive.
 */
const keepAliveMs = 5_000;

/**
 * An event of another service may arrive before subscriptions has applied it: after each hint the order is read again
 * after each of these delays.
 */
const rereadDelaysMs = [100, 400, 1_500];

/**
 * The longest life of a stream, which ends earlier with its token. Then the client reconnects with its Last-Event-ID
 * and a valid token.
 */
const lifetimeMs = 3_600_000;

/** The pause before the next read after the service was unavailable. */
const unavailablePauseMs = 2_000;

/** The Retry-After of TOO_MANY_STREAMS. */
const retryAfterSeconds = 10;

/** Who follows which order, from where, and since which step. */
export interface StreamRequest {
  readonly orderId: string;
  readonly caller: CallerIdentity;
  /** The number of the last step that the client has. */
  readonly after: number;
  /** Where limits by address count the client. */
  readonly address: string;
}

/**
 * Live streams of orders. The steps come from `get-order-progress`; events on the broker are only hints to read again.
 * So no step is lost when the broker loses its bindings, and none is sent twice or out of order: each step has a
 * number.
 */
@Injectable()
export class OrderStreams implements OnModuleDestroy {
  private readonly logger = new Logger(OrderStreams.name);
  private readonly shares: StreamShares;

  constructor(
    private readonly liveEvents: LiveEvents,
    private readonly services: Services,
    private readonly clock: Clock,
    { streams }: GatewaySettings,
  ) {
    this.shares = new StreamShares(streams);
  }

  /**
   * The steps of an order after step `after`: first the past ones, then each new one, until the last step or until
   * `signal` aborts. Undefined when the order is finished and has no step after `after`.
   * @throws Refusal ORDER_NOT_FOUND or TOO_MANY_STREAMS; ServiceUnavailable
   */
  async follow(
    { orderId, caller, after, address }: StreamRequest,
    signal: AbortSignal,
    reply: FastifyReply,
  ): Promise<AsyncIterable<MessageEvent> | undefined> {
    const { stream, close } = this.open(caller, address, reply);
    const hint = new WakeSignal();
    let unwatch = () => {};
    stream.signal.addEventListener('abort', () => hint.set(), { once: true });
    onAbort(signal, () => {
      unwatch();
      close();
      stream.abort();
    });
    const read = () => this.services.request(getOrderProgress, { order_id: orderId, visible_to: visibleTo(caller) });
    // Watch first, then read: a step in between is received at least once.
    unwatch = await this.liveEvents.watch(orderId, { onEvent: () => hint.set(), onGap: () => hint.set() });
    if (signal.aborted) unwatch();
    const progress = await read();
    if (progress.finished && progress.steps.every(({ step }) => step <= after)) return undefined;
    return this.emit(progress, after, { read, hint, stream: stream.signal });
  }

  onModuleDestroy(): void {
    this.shares.endAll();
  }

  private async *emit(
    first: Progress,
    after: number,
    { read, hint, stream }: { read: () => Promise<Progress>; hint: WakeSignal; stream: AbortSignal },
  ): AsyncGenerator<MessageEvent> {
    yield { comment: 'following' };
    let sent = after;
    let rereads = rereadDelaysMs.length;
    for (let progress: Progress | undefined = first; ; progress = await this.reread(read)) {
      const newSteps = progress?.steps.filter(({ step }) => step > sent) ?? [];
      for (const step of newSteps) {
        sent = step.step;
        yield { id: String(step.step), type: step.name, data: step };
      }
      if (progress?.finished || stream.aborted) return;
      if (rereads >= rereadDelaysMs.length && newSteps.length === 0) yield { comment: 'alive' };
      const hasHint = await hint.wait(rereadDelaysMs[rereads++] ?? keepAliveMs);
      if (stream.aborted) return;
      if (hasHint) rereads = 0;
    }
  }

  /** An unavailable service only delays the stream. */
  private async reread(read: () => Promise<Progress>): Promise<Progress | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ServiceUnavailable)) throw error;
      this.logger.debug(error.message);
      await sleep(unavailablePauseMs, undefined, { ref: false });
      return undefined;
    }
  }

  /** Takes a place for a new stream. Aborting it ends the stream. */
  private open({ subject, expiresAt }: CallerIdentity, address: string, reply: FastifyReply) {
    const stream = new AbortController();
    const end = () => stream.abort();
    const close = this.placeFor({ caller: subject, address, end }, reply);
    const leftMs = expiresAt.epochMilliseconds - this.clock.now().epochMilliseconds;
    const lifetime = setTimeout(end, Math.max(0, Math.min(lifetimeMs, leftMs)));
    return {
      stream,
      close: () => {
        clearTimeout(lifetime);
        close();
      },
    };
  }

  private placeFor(stream: PlacedStream, reply: FastifyReply): () => void {
    try {
      return this.shares.take(stream);
    } catch (error) {
      if (error instanceof Refusal) reply.header('retry-after', retryAfterSeconds);
      throw error;
    }
  }
}

/** A flag that wakes its one waiter, and stays set until the next wait. */
class WakeSignal {
  private isSet = false;
  private wake: (() => void) | undefined;

  set(): void {
    this.isSet = true;
    this.wake?.();
  }

  /** True as soon as the flag is set, or was set since the last wait; false after `withinMs`. Clears the flag. */
  async wait(withinMs: number): Promise<boolean> {
    if (!this.isSet) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = undefined;
    }
    const wasSet = this.isSet;
    this.isSet = false;
    return wasSet;
  }
}

function onAbort(signal: AbortSignal, callback: () => void): void {
  if (signal.aborted) callback();
  else signal.addEventListener('abort', callback, { once: true });
}
