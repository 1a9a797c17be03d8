import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { newTrace, runWithTrace } from '#observability/trace.js';
import type { Broker } from '../connection/broker.js';
import { SupervisedChannel } from '../connection/connection.js';
import {
  declareFormerRequestQueue,
  declareRequestQueue,
  formerRequestQueue,
  requestQueue,
} from '../connection/topology.js';
import { type Command, parseObject, type Reply, type Unavailable } from '../envelope.js';
import { backoffMs, faultOf } from '../faults.js';
import { InterruptibleTimer } from '../interruptible-timer.js';
import type { MessagingOptions } from '../messaging.options.js';
import { batchSize, messagesHandled } from '../metrics.js';
import { InvalidPayload } from '../nest/batch-of.js';
import { callHandler } from '../nest/handlers.js';
import type { WireReply } from './rpc-client.js';

/**
 * Queries change nothing: several batches of one kind may run at once. Commands of one kind go one batch after the
 * other.
 */
const queriesAtOnce = 4;
/**
 * A lane that has finished nothing for this long is stuck. A set takes some milliseconds, and whoever asks waits some
 * seconds: nothing is refused that would soon have been answered, and what is behind a stuck lane is still in time.
 */
const stuckAfterMs = 1_000;
/**
 * The consumer takes in so many times what a stuck lane may hold: two of them leave room for all others. Lanes that
 * move are not bounded: a burst, however large, is soon over.
 */
const lanesWorth = 3;
const drainMs = 10_000;
const transientAttemptsMax = 4;

interface Asked extends Command {
  readonly message: ConsumeMessage;
  readonly channel: ConfirmChannel;
  /** On the monotonic clock. */
  readonly expiresAt: number;
}

/** Requests of one type that wait for its handler. */
interface Lane {
  readonly type: string;
  readonly handler: MessageHandler;
  readonly atOnceMax: number;
  readonly waiting: Asked[];
  /** Batches with the handler, and the requests in them. */
  running: number;
  handling: number;
  /** Runs while batches do, anew whenever one of them ends. */
  watch: NodeJS.Timeout | undefined;
  stuck: boolean;
}

/**
 * Answers a service's requests. Each type has a lane of its own, so that a slow one holds up nobody else; in a lane,
 * what has arrived goes to the handler as one batch. All lanes share one consumer, so one that is stuck holds no more
 * than its share of what the consumer takes in: what comes beyond that is told at once that the service is unavailable.
 * What has waited past its deadline is not handled: whoever asked was told so and has gone. A request is acknowledged
 * when it was answered; when the process dies before that, another instance gets it, within its deadline.
 */
export class RequestConsumer {
  private readonly logger: Logger;
  private readonly lanes: ReadonlyMap<string, Lane>;
  private readonly channel: SupervisedChannel;
  /** A channel of its own: while the node of that queue is down, declaring it closes the channel. */
  private readonly formerChannel: SupervisedChannel;
  private readonly replies: SupervisedChannel;
  /** Woken whenever a lane has come to its end. */
  private readonly idle = new InterruptibleTimer();
  private readonly pauses = new InterruptibleTimer();
  private readonly consumerTags = new Map<SupervisedChannel, string>();

  constructor(
    broker: Broker,
    private readonly options: MessagingOptions,
    handlers: ReadonlyMap<string, MessageHandler>,
  ) {
    const { service, catalogue } = options;
    this.logger = new Logger(`Requests ${service}`);
    const queries = new Set(catalogue.requests.filter(({ kind }) => kind === 'query').map(({ type }) => type));
    this.lanes = new Map(
      [...handlers].map(([type, handler]) => [
        type,
        {
          type,
          handler,
          atOnceMax: queries.has(type) ? queriesAtOnce : 1,
          waiting: [],
          running: 0,
          handling: 0,
          watch: undefined,
          stuck: false,
        },
      ]),
    );
    this.channel = new SupervisedChannel(broker.consuming, {
      name: `${service} requests`,
      setup: async (channel) => {
        await declareRequestQueue(channel, service);
        await this.consume(this.channel, channel, requestQueue(service));
      },
    });
    this.formerChannel = new SupervisedChannel(broker.consuming, {
      name: `${service} former requests`,
      setup: async (channel) => {
        await declareFormerRequestQueue(channel, service);
        await this.consume(this.formerChannel, channel, formerRequestQueue(service));
      },
    });
    this.replies = new SupervisedChannel(broker.publishing, { name: `${service} replies` });
  }

  /** Resolves when it consumes, or after `patienceMs`: then it will as soon as the broker is there. */
  async start(patienceMs: number): Promise<void> {
    this.replies.open();
    this.channel.open();
    this.formerChannel.open();
    await Promise.all([this.channel.ready(patienceMs), this.replies.ready(patienceMs)]).catch((error: Error) =>
      this.logger.warn(`${error.message}: still trying`),
    );
  }

  async drain(): Promise<void> {
    // Not awaited: what still arrives before the broker obeys is answered like the rest, and a silent broker holds up
    // nobody.
    for (const [supervised, consumerTag] of this.consumerTags) supervised.current?.cancel(consumerTag).catch(() => {});
    const deadline = performance.now() + drainMs;
    while ([...this.lanes.values()].some(({ running, waiting }) => running > 0 || waiting.length > 0)) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) break;
      await this.idle.sleep(leftMs);
    }
    await Promise.all([this.channel.close(), this.formerChannel.close(), this.replies.close()]);
  }

  private async consume(supervised: SupervisedChannel, channel: ConfirmChannel, queue: string): Promise<void> {
    await channel.prefetch(this.options.prefetch * lanesWorth, false);
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message) this.receive(channel, message);
      else supervised.reopen('the broker cancelled the consumer');
    });
    this.consumerTags.set(supervised, consumerTag);
  }

  private receive(channel: ConfirmChannel, message: ConsumeMessage): void {
    const asked = this.read(channel, message);
    if (!asked) return;
    const lane = this.lanes.get(asked.type);
    if (!lane) {
      this.reply(asked, { fault: `${this.options.service} does not know ${asked.type}` }, 'faulted');
      return;
    }
    lane.waiting.push(asked);
    if (lane.stuck) this.shed(lane);
    if (lane.waiting.length === 1) void this.run(lane);
  }

  /** Those that came last, beyond what a stuck lane may hold. */
  private shed(lane: Lane): void {
    for (const asked of lane.waiting.splice(this.roomIn(lane)))
      this.reply(asked, { unavailable: `${lane.type} is slow, and too many wait for it` }, 'unavailable');
  }

  private roomIn({ handling }: Lane): number {
    return this.options.prefetch - handling;
  }

  /** Begins to watch anew: something has gone to the handler of an idle lane, or has come back. */
  private watch(lane: Lane): void {
    clearTimeout(lane.watch);
    lane.stuck = false;
    if (lane.running === 0) return;
    lane.watch = setTimeout(() => {
      lane.stuck = true;
      this.shed(lane);
    }, stuckAfterMs);
  }

  private read(channel: ConfirmChannel, message: ConsumeMessage): Asked | undefined {
    const { type, messageId, headers = {} } = message.properties;
    const timeoutMs = Number(headers['timeout-ms']) || 0;
    const { traceparent, correlationId } = newTrace(text(headers.traceparent), text(headers['correlation-id']));
    const asked = {
      id: String(messageId),
      type: String(type),
      traceparent,
      correlationId,
      message,
      channel,
      expiresAt: performance.now() + leftMs(Number(headers.deadline), timeoutMs),
    };
    try {
      return { ...asked, data: parseObject(message.content) };
    } catch (error) {
      this.reply({ ...asked, data: undefined }, { fault: (error as Error).message }, 'faulted');
      return undefined;
    }
  }

  private async run(lane: Lane): Promise<void> {
    // Everything that the socket brought in this turn belongs to one batch.
    await nextTurn();
    while (lane.waiting.length > 0 && lane.running < lane.atOnceMax && this.roomIn(lane) > 0) {
      const batch = this.inTime(lane.waiting.splice(0, Math.min(this.options.batchMax, this.roomIn(lane))));
      if (batch.length === 0) continue;
      lane.running++;
      lane.handling += batch.length;
      if (lane.running === 1) this.watch(lane);
      void this.handle(lane, batch).finally(() => {
        lane.running--;
        lane.handling -= batch.length;
        this.watch(lane);
        if (lane.waiting.length > 0) void this.run(lane);
        else this.idle.wake();
      });
    }
    this.idle.wake();
  }

  private inTime(batch: readonly Asked[]): Asked[] {
    const now = performance.now();
    return batch.filter((asked) => {
      if (asked.expiresAt > now) return true;
      messagesHandled.inc({ service: this.options.service, type: asked.type, outcome: 'expired' });
      this.acknowledge(asked);
      return false;
    });
  }

  /** In the trace of its first request; what is handled alone is in its own. */
  private async handle(lane: Lane, batch: readonly Asked[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    await runWithTrace(newTrace(first.traceparent, first.correlationId), () => this.tryBatch(lane, batch, first));
  }

  private async tryBatch(lane: Lane, batch: readonly Asked[], first: Asked): Promise<void> {
    try {
      const replies = await this.call(lane, batch);
      assert(Array.isArray(replies) && replies.length === batch.length, `${lane.type}: one reply per request`);
      for (const [position, asked] of batch.entries())
        this.replyWith(asked, replies[position] as Reply<unknown> | Unavailable);
    } catch (error) {
      if (error instanceof InvalidPayload) {
        for (const [position, refusal] of error.faults) this.replyWith(batch[position] as Asked, { refusal });
        await this.handle(
          lane,
          batch.filter((_, position) => !error.faults.has(position)),
        );
      } else if (faultOf(error) === 'away') {
        this.logger.warn(`${lane.type}: ${batch.length} get no answer: ${(error as Error).message}`);
        for (const asked of batch) this.reply(asked, { unavailable: (error as Error).message }, 'unavailable');
      } else if (batch.length > 1) {
        this.logger.warn(
          `${lane.type}: a batch of ${batch.length} failed, now one by one: ${(error as Error).message}`,
        );
        // Looked at anew before each: those before it may have taken all the time that it had.
        for (const asked of batch) await this.handle(lane, this.inTime([asked]));
      } else {
        this.fail(first, error);
      }
    }
  }

  /** Calls the handler; a lone request that lost against another tries again, within its deadline. */
  private async call({ handler, type }: Lane, batch: readonly Asked[]): Promise<unknown> {
    const { expiresAt } = batch[0] as Asked;
    for (let attempt = 1; ; attempt++) {
      try {
        batchSize.observe({ service: this.options.service, type }, batch.length);
        return await callHandler(handler, batch);
      } catch (error) {
        const pauseMs = backoffMs(attempt, { firstMs: 10 });
        if (batch.length > 1 || faultOf(error) !== 'transient' || attempt >= transientAttemptsMax) throw error;
        if (performance.now() + pauseMs > expiresAt) throw error;
        await this.pauses.sleep(pauseMs);
      }
    }
  }

  private fail(asked: Asked, error: unknown): void {
    if (error instanceof Refusal) {
      this.replyWith(asked, { refusal: error });
    } else if (faultOf(error) === 'bug') {
      this.logger.error({ err: error, type: asked.type, commandId: asked.id }, 'request failed');
      this.reply(asked, { fault: 'unexpected error' }, 'faulted');
    } else {
      this.reply(asked, { unavailable: (error as Error).message }, 'unavailable');
    }
  }

  private replyWith(asked: Asked, reply: Reply<unknown> | Unavailable): void {
    if ('answer' in reply) {
      this.reply(asked, { answer: reply.answer }, 'answered');
    } else if ('unavailable' in reply) {
      this.reply(asked, reply, 'unavailable');
    } else {
      const { code, message, details } = reply.refusal;
      this.reply(asked, { refusal: { code, message, details } }, 'refused');
    }
  }

  /** A reply that cannot be sent is dropped: whoever asked times out, and a repeat of the command gets the answer. */
  private reply(asked: Asked, reply: WireReply, outcome: string): void {
    const type = this.lanes.has(asked.type) ? asked.type : 'unknown';
    messagesHandled.inc({ service: this.options.service, type, outcome });
    const { replyTo, correlationId } = asked.message.properties;
    try {
      this.replies.current?.publish('', String(replyTo), Buffer.from(JSON.stringify(reply)), {
        correlationId: String(correlationId),
        contentType: 'application/json',
      });
    } catch (error) {
      this.logger.warn(`cannot answer ${asked.type}: ${(error as Error).message}`);
    }
    this.acknowledge(asked);
  }

  private acknowledge({ channel, message }: Asked): void {
    try {
      channel.ack(message);
    } catch {
      // The channel is gone: the request comes again, to somebody, within its deadline.
    }
  }
}

/**
 * How long a request may still wait. The two clocks are only believed as far as they agree that it lies within the time
 * that was allowed; the broker has dropped what expired in the queue by a clock of its own.
 */
function leftMs(deadline: number, timeoutMs: number): number {
  const left = deadline - Date.now();
  return left >= 0 && left <= timeoutMs ? left : timeoutMs;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
