import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { eventsIn } from '../publishing/packing.js';

/** A message on its way through a consumer. */
export interface Delivery {
  readonly message: ConsumeMessage;
  /** How many events it says that it carries. */
  readonly events: number;
  /** How often it was handed out and came back unacknowledged: its consumer died, or lost its channel. */
  readonly crashes: number;
}

export interface PrefetchPlan {
  readonly queue: string;
  /** In messages. */
  readonly prefetch: number;
  /** In events. A message that carries more is a batch by itself. */
  readonly batchMax: number;
  readonly arrived: () => void;
  /** The broker ended the consumer: the queue was deleted or moved. */
  readonly cancelled: () => void;
}

/**
 * What one channel receives from a quorum queue.
 *
 * A message that kills its consumer must not take its neighbours along: when a process dies, the broker counts the
 * death against everything that was prefetched. So intake begins *careful*, with a prefetch of one, and stays so while
 * messages come that were handed out before (the broker sends those first); only the one that is being handled can then
 * be blamed. The first message that is new opens the intake to its full width. A suspect (two deaths or more) that
 * arrives in full width closes it again: its neighbours are handled and acknowledged first, then it alone.
 */
export class PrefetchWindow {
  private readonly buffer: Delivery[] = [];
  private consumerTag: string | undefined;
  private careful = true;
  private stopped = false;
  private lost = false;
  private events = 0;
  private unacknowledged = 0;

  constructor(
    private readonly channel: ConfirmChannel,
    private readonly plan: PrefetchPlan,
  ) {}

  start(): Promise<void> {
    return this.consume(1);
  }

  /** No further deliveries; those that arrived stay. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.cancel();
  }

  /** The channel is gone: what was not acknowledged will be delivered again, on another one. */
  lose(): void {
    this.lost = true;
    this.buffer.length = 0;
    this.events = 0;
    this.unacknowledged = 0;
  }

  get isLost(): boolean {
    return this.lost;
  }

  /** Events that arrived and are not acknowledged yet. */
  get unsettled(): number {
    return this.unacknowledged;
  }

  /** Events that arrived and are in no batch yet. */
  get waiting(): number {
    return this.events;
  }

  /** What is to be handled in one go: a batch of new messages, or one that came back, alone. */
  async next(): Promise<Delivery[]> {
    if (!this.careful && this.buffer.some(isSuspect)) {
      this.careful = true;
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
    for (const { events } of batch) this.events -= events;
    return batch;
  }

  /** Acknowledges what was handled, and decides how much to take in from now on. */
  async settle(handled: readonly Delivery[]): Promise<void> {
    const widens = this.careful && handled.every(isNew) && !this.buffer.some((delivery) => !isNew(delivery));
    // Before the acknowledgement, so that the broker does not send another one to the narrow consumer.
    if (widens) await this.cancel();
    this.acknowledge(handled);
    if (this.stopped) return;
    if (widens) {
      this.careful = false;
      await this.consume(this.plan.prefetch);
    } else if (!this.consumerTag && this.buffer.length === 0) {
      await this.consume(1);
    }
  }

  private acknowledge(handled: readonly Delivery[]): void {
    const last = handled.at(-1)?.message;
    if (!last) return;
    const oldestWaiting = this.buffer[0]?.message.fields.deliveryTag ?? Number.POSITIVE_INFINITY;
    // One batch is handled at a time, so all that came before the oldest one waiting is settled.
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
      this.plan.cancelled();
      return;
    }
    if (this.lost) return;
    const { headers } = message.properties;
    const delivery = { message, events: eventsIn(headers), crashes: Number(headers?.['x-delivery-count'] ?? 0) };
    this.buffer.push(delivery);
    this.events += delivery.events;
    this.unacknowledged += delivery.events;
    this.plan.arrived();
  }
}

function isNew(delivery: Delivery | undefined): boolean {
  return delivery?.crashes === 0;
}

function eventsOf(delivery: Delivery | undefined): number {
  return delivery?.events ?? 0;
}

/**
 * Whether it may have killed its consumer: one death may be a neighbour's fault or a restart, two are looked at alone.
 */
export function isSuspect({ crashes }: Delivery): boolean {
  return crashes >= 2;
}
