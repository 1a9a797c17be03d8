import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { eventsIn } from '../publishing/packing.js';

/** A message that was received and is not acknowledged yet. */
export interface Delivery {
  readonly message: ConsumeMessage;
  /** The number of events in it, by its header. */
  readonly events: number;
  /** How often it was delivered and returned without acknowledgement: its consumer died, or lost its channel. */
  readonly crashes: number;
}

export interface PrefetchPlan {
  readonly queue: string;
  /** In messages. */
  readonly prefetch: number;
  /** In events. A message that carries more is a batch by itself. */
  readonly batchMax: number;
  readonly onArrival: () => void;
  /** The broker ended the consumer: the queue was deleted or moved. */
  readonly onCancelled: () => void;
}

/**
 * The messages that one channel has prefetched from a quorum queue.
 *
 * When a process dies, the broker counts the crash against every message that was prefetched, although one message may
 * have caused it. So the window begins narrow, with a prefetch of one, and stays narrow while redelivered messages
 * arrive (the broker sends those first): only the message in hand can then be blamed. The first new message widens the
 * window. A suspect (two crashes or more) that arrives in a wide window narrows it again: its neighbours are handled
 * and acknowledged first, then the suspect by itself.
 */
export class PrefetchWindow {
  private readonly buffer: Delivery[] = [];
  private consumerTag: string | undefined;
  private narrow = true;
  private stopped = false;
  private lost = false;
  private waiting = 0;
  private unacknowledged = 0;

  constructor(
    private readonly channel: ConfirmChannel,
    private readonly plan: PrefetchPlan,
  ) {}

  /** Begins to consume, with a prefetch of one. */
  start(): Promise<void> {
    return this.consume(1);
  }

  /** Ends the consumer. Messages that have arrived stay in the window. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.cancel();
  }

  /** The channel is lost: what was not acknowledged is redelivered on another channel. */
  markLost(): void {
    this.lost = true;
    this.buffer.length = 0;
    this.waiting = 0;
    this.unacknowledged = 0;
  }

  get isLost(): boolean {
    return this.lost;
  }

  /** Events that arrived and are not acknowledged yet. */
  get unacknowledgedEvents(): number {
    return this.unacknowledged;
  }

  /** Events that arrived and are not part of a batch yet. */
  get waitingEvents(): number {
    return this.waiting;
  }

  /** The next batch: new messages up to `batchMax` events, or one redelivered message by itself. */
  async next(): Promise<Delivery[]> {
    if (!this.narrow && this.buffer.some(isSuspect)) {
      this.narrow = true;
      await this.cancel();
    }
    const first = Math.max(
      0,
      this.buffer.findIndex((delivery) => !isSuspect(delivery)),
    );
    let count = 1;
    if (isNew(this.buffer[first])) {
      let room = this.plan.batchMax - eventsOf(this.buffer[first]);
      for (; isNew(this.buffer[first + count]); count++) {
        room -= eventsOf(this.buffer[first + count]);
        if (room < 0) break;
      }
    }
    const batch = this.buffer.splice(first, count);
    for (const { events } of batch) this.waiting -= events;
    return batch;
  }

  /** Acknowledges a batch, and widens the window when nothing suspicious is left. */
  async settle(handled: readonly Delivery[]): Promise<void> {
    const widens = this.narrow && handled.every(isNew) && !this.buffer.some((delivery) => !isNew(delivery));
    // Before the acknowledgement, so that the broker sends no further message to the narrow consumer.
    if (widens) await this.cancel();
    this.acknowledge(handled);
    if (this.stopped) return;
    if (widens) {
      this.narrow = false;
      await this.consume(this.plan.prefetch);
    } else if (!this.consumerTag && this.buffer.length === 0) {
      await this.consume(1);
    }
  }

  private acknowledge(handled: readonly Delivery[]): void {
    const last = handled.at(-1)?.message;
    if (!last) return;
    const oldestWaiting = this.buffer[0]?.message.fields.deliveryTag ?? Number.POSITIVE_INFINITY;
    // One batch is handled at a time, so all messages before the oldest waiting one are settled.
    if (last.fields.deliveryTag < oldestWaiting) this.channel.ack(last, true);
    else for (const { message } of handled) this.channel.ack(message);
    for (const { events } of handled) this.unacknowledged -= events;
  }

  private async consume(prefetch: number): Promise<void> {
    // Per consumer: a prefetch for the whole channel makes a quorum queue close the connection.
    await this.channel.prefetch(prefetch, false);
    const { consumerTag } = await this.channel.consume(this.plan.queue, (message) => this.receive(message));
    this.consumerTag = consumerTag;
    if (this.stopped) await this.cancel();
  }

  private async cancel(): Promise<void> {
    const { consumerTag } = this;
    this.consumerTag = undefined;
    if (consumerTag) await this.channel.cancel(consumerTag);
  }

  private receive(message: ConsumeMessage | null): void {
    if (!message) {
      this.plan.onCancelled();
      return;
    }
    if (this.lost) return;
    const { headers } = message.properties;
    const delivery = { message, events: eventsIn(headers), crashes: Number(headers?.['x-delivery-count'] ?? 0) };
    this.buffer.push(delivery);
    this.waiting += delivery.events;
    this.unacknowledged += delivery.events;
    this.plan.onArrival();
  }
}

function isNew(delivery: Delivery | undefined): boolean {
  return delivery?.crashes === 0;
}

function eventsOf(delivery: Delivery | undefined): number {
  return delivery?.events ?? 0;
}

/** Whether the message may have crashed its consumer twice. One crash may be the fault of a neighbour, or a restart. */
export function isSuspect({ crashes }: Delivery): boolean {
  return crashes >= 2;
}
