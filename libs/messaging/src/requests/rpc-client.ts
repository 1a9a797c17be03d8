import { Injectable, Logger } from '@nestjs/common';
import type { ConfirmChannel, Message } from 'amqplib';
import type { z } from 'zod';
import type { RequestContract } from '#contracts/contract.js';
import { newId } from '#kernel/ids.js';
import { Refusal, type RefusalDetails } from '#kernel/refusal.js';
import { currentTrace, newTrace } from '#observability/trace.js';
import { type Author, formatAuthor } from '../author.js';
import { Broker } from '../connection/broker.js';
import { SupervisedChannel } from '../connection/connection.js';
import { requestQueue } from '../connection/topology.js';
import { parseObject } from '../envelope.js';
import { RemoteFault, ServiceUnavailable } from '../faults.js';
import { MessagingOptions } from '../messaging.options.js';

export interface RequestOptions {
  /** The same for every repeat of a command (the client's Idempotency-Key): a repeat receives the first reply. */
  readonly commandId?: string;
  /** Who gives the command. */
  readonly author?: Author | undefined;
  readonly timeoutMs?: number;
  /** Called before the request ends when its reply, or refusal, is the stored one of an earlier request. */
  readonly onReplay?: (firstAnsweredAt: Temporal.Instant) => void;
}

/** The body of a reply, on the wire. `first_answered_at` (RFC 3339) is in the stored reply to a repeated command. */
export type WireReply = (
  | { answer: unknown }
  | { refusal: { code: string; message: string; details?: RefusalDetails } }
  | { unavailable: string }
  | { fault: string }
) & { first_answered_at?: string };

interface Pending {
  readonly service: string;
  readonly resolve: (reply: WireReply) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

const timeoutDefaultMs = 5_000;
const pendingMax = 5_000;
/** How long a request waits for a lost connection before it fails. */
const reconnectPatienceMs = 1_000;
const directReplyTo = 'amq.rabbitmq.reply-to';

/**
 * Sends requests to other services and awaits their replies, over RabbitMQ's direct reply-to. Bounded in time and in
 * the number of requests that wait. Without a reply it is unknown whether the request was handled: repeat a command
 * with the same `commandId`.
 */
@Injectable()
export class RpcClient {
  private readonly logger = new Logger(RpcClient.name);
  private readonly pending = new Map<string, Pending>();
  private readonly channel: SupervisedChannel;
  private sent = 0;

  constructor(
    private readonly broker: Broker,
    { service }: MessagingOptions,
  ) {
    this.channel = new SupervisedChannel(broker.publishing, {
      name: `${service} requests of others`,
      setup: (channel) => this.consume(channel),
      onLost: () => this.failAll('the connection to the broker was lost'),
    });
  }

  /** Begins to open the channel. */
  open(): void {
    this.channel.open();
  }

  /** Closes the channel. Requests that still wait fail with ServiceUnavailable. */
  async close(): Promise<void> {
    await this.channel.close();
    this.failAll('shutting down');
  }

  /**
   * The response of the service, validated against the contract.
   * @throws Refusal when the service refuses
   * @throws ServiceUnavailable when the service is down, too slow or overloaded, or the broker is unavailable; 503 at
   *   an HTTP edge
   * @throws RemoteFault when the service failed by a bug, or its reply does not fit the contract
   */
  async request<Request extends z.ZodType, Response extends z.ZodType>(
    contract: RequestContract<Request, Response>,
    request: z.input<Request>,
    { commandId = newId(), author, timeoutMs = timeoutDefaultMs, onReplay }: RequestOptions = {},
  ): Promise<z.output<Response>> {
    const content = Buffer.from(JSON.stringify(contract.request.parse(request)));
    const startedAt = performance.now();
    const channel = await this.connected(contract.service, Math.min(timeoutMs, reconnectPatienceMs));
    const leftMs = Math.max(1, Math.round(timeoutMs - (performance.now() - startedAt)));
    const reply = await this.exchange(channel, contract, content, { commandId, author, timeoutMs: leftMs });
    if (reply.first_answered_at !== undefined) onReplay?.(Temporal.Instant.from(reply.first_answered_at));
    const response = contract.response.safeParse(answerOf(contract, reply));
    if (!response.success)
      throw new RemoteFault(`${contract.type}: the reply does not fit the contract`, { cause: response.error });
    return response.data;
  }

  private async connected(service: string, patienceMs: number): Promise<ConfirmChannel> {
    if (this.pending.size >= pendingMax) {
      throw new ServiceUnavailable(service, `${this.pending.size} requests are waiting`);
    }
    if (this.broker.publishing.blocked) throw new ServiceUnavailable(service, 'the broker accepts no messages for now');
    try {
      return await this.channel.ready(patienceMs);
    } catch (error) {
      throw new ServiceUnavailable(service, (error as Error).message, { cause: error });
    }
  }

  private exchange(
    channel: ConfirmChannel,
    { type, service }: RequestContract,
    content: Buffer,
    {
      commandId,
      author,
      timeoutMs,
    }: Pick<RequestOptions, 'author'> & Required<Pick<RequestOptions, 'commandId' | 'timeoutMs'>>,
  ): Promise<WireReply> {
    const correlationId = String(++this.sent);
    const { promise, resolve, reject } = Promise.withResolvers<WireReply>();
    const timer = setTimeout(() => {
      this.settle(correlationId)?.reject(new ServiceUnavailable(service, `no reply within ${timeoutMs} ms`));
    }, timeoutMs);
    this.pending.set(correlationId, { service, resolve, reject, timer });
    const trace = currentTrace() ?? newTrace();
    try {
      channel.publish('', requestQueue(service), content, {
        mandatory: true,
        userId: this.broker.publishing.user,
        correlationId,
        replyTo: directReplyTo,
        type,
        messageId: commandId,
        contentType: 'application/json',
        // The broker drops a request that no instance received in time.
        expiration: timeoutMs,
        headers: {
          'timeout-ms': timeoutMs,
          deadline: Date.now() + timeoutMs,
          traceparent: trace.traceparent,
          'correlation-id': trace.correlationId,
          ...(author && { author: formatAuthor(author) }),
        },
      });
    } catch (error) {
      this.settle(correlationId)?.reject(new ServiceUnavailable(service, (error as Error).message, { cause: error }));
    }
    return promise;
  }

  private async consume(channel: ConfirmChannel): Promise<void> {
    channel.on('return', ({ properties }: Message) => {
      const unsent = this.settle(properties.correlationId);
      unsent?.reject(new ServiceUnavailable(unsent.service, 'no instance is running'));
    });
    await channel.consume(directReplyTo, (message) => message && this.receive(message), { noAck: true });
  }

  private receive({ properties, content }: Message): void {
    // Unknown: the reply is late, and its request has failed already.
    const waiting = this.settle(properties.correlationId);
    if (!waiting) return;
    try {
      waiting.resolve(parseObject(content) as WireReply);
    } catch (error) {
      this.logger.error(`${waiting.service} sent an unreadable reply: ${(error as Error).message}`);
      waiting.reject(new RemoteFault(`${waiting.service}: unreadable reply`));
    }
  }

  private settle(correlationId: string): Pending | undefined {
    const pending = this.pending.get(correlationId);
    this.pending.delete(correlationId);
    clearTimeout(pending?.timer);
    return pending;
  }

  private failAll(reason: string): void {
    for (const correlationId of [...this.pending.keys()]) {
      const lost = this.settle(correlationId);
      lost?.reject(new ServiceUnavailable(lost.service, reason));
    }
  }
}

function answerOf({ service, type }: RequestContract, reply: WireReply): unknown {
  if ('answer' in reply) return reply.answer;
  if ('refusal' in reply) throw new Refusal(reply.refusal.code, reply.refusal.message, reply.refusal.details ?? {});
  if ('unavailable' in reply) throw new ServiceUnavailable(service, reply.unavailable);
  throw new RemoteFault(`${type}: ${reply.fault}`);
}
