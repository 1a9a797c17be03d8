import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { withTimeout } from '#kernel/with-timeout.js';
import { zip } from '#kernel/zip.js';
import { newTrace, runWithTrace } from '#observability/trace.js';
import { parseAuthor } from '../author.js';
import type { Broker } from '../connection/broker.js';
import { SupervisedChannel } from '../connection/connection.js';
import { declareRequestQueue, requestQueue } from '../connection/topology.js';
import { type BatchHandler, type Command, parseObject, type Reply, traceOf, type Unavailable } from '../envelope.js';
import { backoffMs, faultOf, InvalidPayload } from '../faults.js';
import { InterruptibleTimer } from '../interruptible-timer.js';
import type { MessagingOptions } from '../messaging.options.js';
import { batchSize, foreignMessages, messagesHandled } from '../metrics.js';
import type { WireReply } from './rpc-client.js';
import { TypeQueue } from './type-queue.js';

/**
 * Queries change nothing, so several batches of one type may run at once. Commands of one type run one batch at a time.
 */
const concurrentQueryBatches = 4;
/** The consumer prefetches what this many saturated types may hold: two of them leave room for all other types. */
const prefetchFactor = 3;
const drainMs = 10_000;
/** How long it may take to declare the queue and to begin to consume it. */
const queueAnswersMs = 2_500;
/** After this many failures in a row the queue counts as broken. */
const queueFailuresMax = 2;
/** How long replies may take to be ready before requests are consumed all the same. */
const repliesReadyMs = 2_000;
const transientAttemptsMax = 4;

interface ReceivedRequest extends Command {
  readonly message: ConsumeMessage;
  readonly channel: ConfirmChannel;
  /** On the monotonic clock. */
  readonly expiresAt: number;
}

type RequestsOfType = TypeQueue<ReceivedRequest>;

/**
 * Answers the requests to a service. Each type has a queue of its own, so that a slow type delays no other. The
 * requests of a type that have arrived go to its handler as one batch. All types share one consumer, so a saturated
 * type holds no more than its share of the prefetched requests: further ones are unavailable at once.
 *
 * A request past its deadline is not handled: its client has given up. A request is acknowledged after its reply was
 * sent. If the process dies earlier, another instance receives the request, within its deadline.
 */
export class RequestConsumer {
  private readonly logger: Logger;
  private readonly queues: ReadonlyMap<string, RequestsOfType>;
  /** The broker's users who may send a type. */
  private readonly callers: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly channel: SupervisedChannel;
  private readonly replies: SupervisedChannel;
  /** Woken whenever a batch has ended. */
  private readonly idle = new InterruptibleTimer();
  private readonly pauses = new InterruptibleTimer();
  private consumerTag: string | undefined;
  /** How many attempts in a row to consume the queue have failed. */
  private queueFailures = 0;

  constructor(
    broker: Broker,
    private readonly options: MessagingOptions,
    private readonly handlers: ReadonlyMap<string, BatchHandler>,
  ) {
    const { accounts, service, catalogue, prefetch } = options;
    this.logger = new Logger(`Requests ${service}`);
    const queries = new Set(catalogue.requests.filter(({ kind }) => kind === 'query').map(({ type }) => type));
    this.queues = new Map(
      [...handlers.keys()].map((type) => {
        const batchesMax = queries.has(type) ? concurrentQueryBatches : 1;
        const onSurplus = (surplus: readonly ReceivedRequest[]) => this.shed(type, surplus);
        return [type, new TypeQueue<ReceivedRequest>({ type, batchesMax, itemsMax: prefetch, onSurplus })];
      }),
    );
    this.callers = new Map(
      catalogue.requests.map(({ type, callers = ['gateway'] }) => [
        type,
        new Set(callers.map((one) => accounts.of(one))),
      ]),
    );
    this.channel = new SupervisedChannel(broker.consuming, {
      name: `${service} requests`,
      setup: (channel) => this.consume(channel),
    });
    this.replies = new SupervisedChannel(broker.publishing, { name: `${service} replies` });
  }

  /** Resolves when it consumes, or after `timeoutMs`; then consuming begins as soon as the broker is there. */
  async start(timeoutMs: number): Promise<void> {
    this.replies.open();
    this.channel.open();
    await Promise.all([this.channel.ready(timeoutMs), this.replies.ready(timeoutMs)]).catch((error: Error) =>
      this.logger.warn(`${error.message}: still trying`),
    );
  }

  /** Stops consuming and answers what has arrived, for at most ten seconds. */
  async drain(): Promise<void> {
    // Not awaited: requests that arrive before the broker obeys are answered too, and a silent broker delays nothing.
    if (this.consumerTag) this.channel.current?.cancel(this.consumerTag).catch(() => {});
    const deadline = performance.now() + drainMs;
    while ([...this.queues.values()].some(({ isEmpty }) => !isEmpty)) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) break;
      await this.idle.sleep(leftMs);
    }
    await Promise.all([this.channel.close(), this.replies.close()]);
  }

  /** Waits for the channel of replies first: a request that cannot be answered would only time out. */
  private async consume(channel: ConfirmChannel): Promise<void> {
    await this.replies.ready(repliesReadyMs).catch(() => {});
    if (this.queueFailures >= queueFailuresMax) await this.deleteQueue(channel);
    this.queueFailures++;
    await withTimeout(queueAnswersMs, this.consumeQueue(channel));
    this.queueFailures = 0;
  }

  private async consumeQueue(channel: ConfirmChannel): Promise<void> {
    const { service, prefetch } = this.options;
    await declareRequestQueue(channel, service);
    await channel.prefetch(prefetch * prefetchFactor, false);
    const { consumerTag } = await channel.consume(requestQueue(service), (message) => {
      if (message) this.receive(channel, message);
      else this.channel.reopen('the broker cancelled the consumer');
    });
    this.consumerTag = consumerTag;
  }

  /**
   * A quorum queue whose broker was killed within a second of making it may never elect a leader again, or never start
   * (both seen with RabbitMQ 3.10). It can be neither used nor declared then, only deleted. Its requests are past their
   * deadlines by now, and an instance that does consume it declares it again.
   */
  private async deleteQueue(channel: ConfirmChannel): Promise<void> {
    const queue = requestQueue(this.options.service);
    this.logger.warn(`${queue} cannot be consumed: it is deleted and made anew`);
    await channel.deleteQueue(queue);
    this.queueFailures = 0;
  }

  private receive(channel: ConfirmChannel, message: ConsumeMessage): void {
    const request = this.read(channel, message);
    if (!request) return;
    const queue = this.queues.get(request.type);
    if (!queue) {
      this.reply(request, { fault: `${this.options.service} has no handler for ${request.type}` }, 'faulted');
      return;
    }
    const caller = String(message.properties.userId);
    if (!this.callers.get(request.type)?.has(caller)) {
      foreignMessages.inc({ service: this.options.service, type: request.type });
      this.logger.error(`refused ${request.type}: ${caller} may not send it`);
      this.reply(request, { fault: 'this service may not send this request' }, 'faulted');
      return;
    }
    queue.add(request);
    if (queue.waiting === 1) void this.run(queue);
  }

  private shed(type: string, surplus: readonly ReceivedRequest[]): void {
    for (const request of surplus)
      this.reply(request, { unavailable: `${type} is slow, and too many requests wait for it` }, 'unavailable');
  }

  private read(channel: ConfirmChannel, message: ConsumeMessage): ReceivedRequest | undefined {
    const { type, messageId, headers = {} } = message.properties;
    const timeoutMs = Number(headers['timeout-ms']) || 0;
    const { traceparent, correlationId } = newTrace(text(headers.traceparent), text(headers['correlation-id']));
    const request = {
      id: String(messageId),
      type: String(type),
      traceparent,
      correlationId,
      author: parseAuthor(headers.author),
      message,
      channel,
      expiresAt: performance.now() + leftMs(Number(headers.deadline), timeoutMs),
    };
    try {
      return { ...request, data: parseObject(message.content) };
    } catch (error) {
      this.reply({ ...request, data: undefined }, { fault: (error as Error).message }, 'faulted');
      return undefined;
    }
  }

  private async run(queue: RequestsOfType): Promise<void> {
    // Everything that the socket brought in this turn belongs to one batch.
    await nextTurn();
    while (queue.mayStart) {
      const batch = this.inTime(queue.take(this.options.batchMax));
      if (batch.length === 0) continue;
      queue.started(batch.length);
      void this.handle(queue.type, batch).finally(() => {
        queue.ended(batch.length);
        if (queue.waiting > 0) void this.run(queue);
        else this.idle.wake();
      });
    }
    this.idle.wake();
  }

  private inTime(batch: readonly ReceivedRequest[]): ReceivedRequest[] {
    const now = performance.now();
    return batch.filter((request) => {
      if (request.expiresAt > now) return true;
      messagesHandled.inc({ service: this.options.service, type: request.type, outcome: 'expired' });
      this.acknowledge(request);
      return false;
    });
  }

  /** Runs in the trace of the first request; a request that is handled by itself runs in its own trace. */
  private async handle(type: string, batch: readonly ReceivedRequest[]): Promise<void> {
    const [first] = batch;
    if (first) await runWithTrace(traceOf(first), () => this.tryBatch(type, batch, first));
  }

  private async tryBatch(type: string, batch: readonly ReceivedRequest[], first: ReceivedRequest): Promise<void> {
    try {
      const replies = await this.call(type, batch, first.expiresAt);
      assert(Array.isArray(replies), `${type}: a handler of requests gives one reply per request`);
      for (const [request, reply] of zip(batch, replies as (Reply<unknown> | Unavailable)[]))
        this.replyWith(request, reply);
    } catch (error) {
      if (error instanceof InvalidPayload) {
        const valid = batch.filter((request, position) => {
          const refusal = error.faults.get(position);
          if (refusal) this.replyWith(request, { refusal });
          return !refusal;
        });
        await this.handle(type, valid);
      } else if (faultOf(error) === 'unavailable') {
        this.logger.warn(`${type}: ${batch.length} requests are unavailable: ${(error as Error).message}`);
        for (const request of batch) this.reply(request, { unavailable: (error as Error).message }, 'unavailable');
      } else if (batch.length > 1) {
        this.logger.warn(`${type}: a batch of ${batch.length} failed, now one by one: ${(error as Error).message}`);
        // The deadline is checked before each: the requests before it may have used up its time.
        for (const request of batch) await this.handle(type, this.inTime([request]));
      } else {
        this.fail(first, error);
      }
    }
  }

  /** Calls the handler. A single request with a transient fault is repeated, within its deadline. */
  private async call(type: string, batch: readonly ReceivedRequest[], expiresAt: number): Promise<unknown> {
    const handler = this.handlers.get(type) as BatchHandler;
    for (let attempt = 1; ; attempt++) {
      try {
        batchSize.observe({ service: this.options.service, type }, batch.length);
        return await handler(batch);
      } catch (error) {
        const pauseMs = backoffMs(attempt, { firstMs: 10 });
        if (batch.length > 1 || faultOf(error) !== 'transient' || attempt >= transientAttemptsMax) throw error;
        if (performance.now() + pauseMs > expiresAt) throw error;
        await this.pauses.sleep(pauseMs);
      }
    }
  }

  private fail(request: ReceivedRequest, error: unknown): void {
    if (error instanceof Refusal) {
      this.replyWith(request, { refusal: error });
    } else if (faultOf(error) === 'bug') {
      this.logger.error({ err: error, type: request.type, commandId: request.id }, 'request failed');
      this.reply(request, { fault: 'unexpected error' }, 'faulted');
    } else {
      this.reply(request, { unavailable: (error as Error).message }, 'unavailable');
    }
  }

  private replyWith(request: ReceivedRequest, reply: Reply<unknown> | Unavailable): void {
    if ('unavailable' in reply) {
      this.reply(request, reply, 'unavailable');
      return;
    }
    const replayed = reply.firstAnsweredAt && { first_answered_at: reply.firstAnsweredAt.toString() };
    if ('answer' in reply) {
      this.reply(request, { answer: reply.answer, ...replayed }, 'answered');
    } else {
      const { code, message, details } = reply.refusal;
      this.reply(request, { refusal: { code, message, details }, ...replayed }, 'refused');
    }
  }

  /**
   * A reply that cannot be sent is dropped: the client times out, and a repeat of the command gets the stored reply.
   */
  private reply(request: ReceivedRequest, reply: WireReply, outcome: string): void {
    const type = this.queues.has(request.type) ? request.type : 'unknown';
    messagesHandled.inc({ service: this.options.service, type, outcome });
    const { replyTo, correlationId } = request.message.properties;
    try {
      this.replies.current?.publish('', String(replyTo), Buffer.from(JSON.stringify(reply)), {
        correlationId: String(correlationId),
        contentType: 'application/json',
      });
    } catch (error) {
      this.logger.warn(`cannot answer ${request.type}: ${(error as Error).message}`);
    }
    this.acknowledge(request);
  }

  private acknowledge({ channel, message }: ReceivedRequest): void {
    try {
      channel.ack(message);
    } catch {
      // The channel is lost: the request is redelivered to an instance, within its deadline.
    }
  }
}

/**
 * How long a request may still wait, in milliseconds. The deadline of the client's clock counts only while it lies
 * within the allowed time: the clocks may differ. The broker drops what expires in the queue by its own clock.
 */
function leftMs(deadline: number, timeoutMs: number): number {
  const left = deadline - Date.now();
  return left >= 0 && left <= timeoutMs ? left : timeoutMs;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
