import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ResponseOf } from '#contracts/contract.js';
import { getOrderProgress } from '#contracts/orders.js';
import type { Identity } from '#identity/verify-token.js';
import { Refusal } from '#kernel/refusal.js';
import { LiveEvents } from '#messaging/consuming/live-events.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { visibleTo } from '../edge/caller.js';
import { Services } from '../edge/services.js';
import { GatewaySettings } from '../gateway.config.js';

type Progress = ResponseOf<typeof getOrderProgress>;

/** How long all may be quiet before the order is looked at anyway and the client hears that the line is alive. */
const quietMs = 5_000;

/**
 * A event of another service about the order may overtake the subscriptions service's own doing: after each hint the
 * order is looked at once more after each of these pauses.
 */
const lookAgainMs = [100, 400, 1_500];

/** Then the client comes back with its Last-Event-ID and a token that is still good. */
const lifetimeMs = 3_600_000;

/** How long a stream lets a service be that was away before it asks again. */
const patienceMs = 2_000;

/**
 * Places are free again when orders are finished or clients leave: nobody knows when, so the question must be cheap.
 */
const retryAfterSeconds = 10;

/**
 * Orders followed live. The truth is what `get-order-progress` answers; events on the broker only say when to ask
 * again. So nothing is lost when the broker loses its bindings, and nothing is told twice or out of order: events are
 * the order's numbered steps.
 */
@Injectable()
export class OrderStreams implements OnModuleDestroy {
  private readonly logger = new Logger(OrderStreams.name);
  private readonly openByCaller = new Map<string, number>();
  /** One for each open stream; aborting it ends the stream. */
  private readonly lines = new Set<AbortController>();

  constructor(
    private readonly liveEvents: LiveEvents,
    private readonly services: Services,
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * The steps of an order after step `after`, those that were taken first and then each as it is taken, until the last
   * one or until `signal` ends it. Answers undefined when the order is finished and all of it was told before.
   * @throws Refusal ORDER_NOT_FOUND or TOO_MANY_STREAMS; ServiceUnavailable.
   */
  async follow(
    orderId: string,
    caller: Identity,
    after: number,
    signal: AbortSignal,
    reply: FastifyReply,
  ): Promise<AsyncIterable<MessageEvent> | undefined> {
    const { line, leave } = this.enter(caller.subject, reply);
    const bell = new Bell();
    let unwatch = () => {};
    line.signal.addEventListener('abort', () => bell.ring(), { once: true });
    onAbort(signal, () => {
      unwatch();
      leave();
      line.abort();
    });
    const read = () => this.services.request(getOrderProgress, { order_id: orderId, visible_to: visibleTo(caller) });
    // Watched first and read then: a step that is taken in between is heard of at least once.
    unwatch = await this.liveEvents.watch(orderId, { onEvent: () => bell.ring(), onGap: () => bell.ring() });
    if (signal.aborted) unwatch();
    const progress = await read();
    if (progress.finished && progress.steps.every(({ step }) => step <= after)) return undefined;
    return this.tell(progress, after, { read, bell, line: line.signal });
  }

  onModuleDestroy(): void {
    for (const line of this.lines) line.abort();
  }

  private async *tell(
    first: Progress,
    after: number,
    { read, bell, line }: { read: () => Promise<Progress>; bell: Bell; line: AbortSignal },
  ): AsyncGenerator<MessageEvent> {
    yield { comment: 'following' };
    let told = after;
    let looks = lookAgainMs.length;
    for (let progress: Progress | undefined = first; ; progress = await this.lookAgain(read)) {
      const news = progress?.steps.filter(({ step }) => step > told) ?? [];
      for (const step of news) {
        told = step.step;
        yield { id: String(step.step), type: step.name, data: step };
      }
      if (progress?.finished || line.aborted) return;
      if (looks >= lookAgainMs.length && news.length === 0) yield { comment: 'alive' };
      const rung = await bell.rung(lookAgainMs[looks++] ?? quietMs);
      if (line.aborted) return;
      if (rung) looks = 0;
    }
  }

  /** A service that is away costs the stream nothing but time. */
  private async lookAgain(read: () => Promise<Progress>): Promise<Progress | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ServiceUnavailable)) throw error;
      this.logger.debug(error.message);
      await sleep(patienceMs, undefined, { ref: false });
      return undefined;
    }
  }

  /** Takes a place, for an hour at the most. */
  private enter(subject: string, reply: FastifyReply): { line: AbortController; leave: () => void } {
    const { max, perCallerMax } = this.settings.streams;
    const mine = this.openByCaller.get(subject) ?? 0;
    if (this.lines.size >= max) throw new ServiceUnavailable('gateway', `${max} streams are open`);
    if (mine >= perCallerMax) {
      reply.header('retry-after', retryAfterSeconds);
      throw new Refusal('TOO_MANY_STREAMS', `You follow ${mine} orders already.`, { perCallerMax });
    }
    const line = new AbortController();
    const lifetime = setTimeout(() => line.abort(), lifetimeMs);
    this.lines.add(line);
    this.openByCaller.set(subject, mine + 1);
    const leave = () => {
      clearTimeout(lifetime);
      this.lines.delete(line);
      const left = (this.openByCaller.get(subject) ?? 1) - 1;
      if (left > 0) this.openByCaller.set(subject, left);
      else this.openByCaller.delete(subject);
    };
    return { line, leave };
  }
}

/** Rung by whoever has news; remembered until somebody listens. */
class Bell {
  private isRinging = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.isRinging = true;
    this.wake?.();
  }

  /** Resolves when it rings, or rang since the last time, with true; or after `withinMs` with false. */
  async rung(withinMs: number): Promise<boolean> {
    if (!this.isRinging) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = undefined;
    }
    const rang = this.isRinging;
    this.isRinging = false;
    return rang;
  }
}

function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}
