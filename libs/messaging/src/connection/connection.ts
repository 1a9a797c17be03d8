import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import amqp, { type Channel, type ChannelModel, type ConfirmChannel, type RecoveringChannelModel } from 'amqplib';
import { withTimeout } from '#kernel/with-timeout.js';
import { BrokerUnavailable, backoffMs } from '../faults.js';
import { InterruptibleTimer } from '../interruptible-timer.js';
import { corkEachTurn } from './corked-socket.js';

const heartbeatS = 10;
const connectTimeoutMs = 5_000;
const closeTimeoutMs = 3_000;

/**
 * One connection to the broker that comes back by itself, for as long as it takes. amqplib's own recovery reconnects a
 * closed or silent socket (heartbeats); what lives on the connection is brought back by `SupervisedChannel`.
 */
export class BrokerConnection {
  private readonly logger: Logger;
  private recovering: RecoveringChannelModel | undefined;
  private model: ChannelModel | undefined;
  private readonly changes = new InterruptibleTimer();
  private blockedReason: string | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly name: string,
  ) {
    this.logger = new Logger(`Broker ${name}`);
  }

  /** Starts to connect and returns at once: whether the broker is there yet is no condition for starting. */
  async open(): Promise<void> {
    const url = new URL(this.url);
    url.searchParams.set('heartbeat', String(heartbeatS));
    const recovering = await amqp.connect(url.href, {
      timeout: connectTimeoutMs,
      noDelay: true,
      keepAlive: true,
      clientProperties: { connection_name: this.name },
      recovery: { waitForConnect: false, initialDelay: 100, maxDelay: 5_000, factor: 2, jitter: 0.5 },
    });
    this.recovering = recovering;
    recovering.on('connect', (model) => {
      corkEachTurn(socketOf(model));
      this.model = model;
      this.logger.log('connected');
      this.changes.wake();
    });
    recovering.on('disconnect', (error) => {
      const lost = this.model;
      this.model = undefined;
      this.blockedReason = undefined;
      // A peer that fell silent never answers our FIN: without this its socket would stay until the kernel gives up.
      if (lost) socketOf(lost).destroy();
      this.logger.warn(`connection lost: ${error.message}`);
      this.changes.wake();
    });
    recovering.on('connect-failed', (error) => this.logger.warn(`cannot connect: ${error.message}`));
    recovering.on('blocked', (reason) => {
      this.blockedReason = reason;
      this.logger.warn(`the broker takes no messages for now: ${reason}`);
    });
    recovering.on('unblocked', () => {
      this.blockedReason = undefined;
      this.logger.log('the broker takes messages again');
      this.changes.wake();
    });
    // The loss itself is told by `disconnect`; without a listener Node would end the process.
    recovering.on('error', (error) => this.logger.warn(error.message));
  }

  get connected(): boolean {
    return this.model !== undefined;
  }

  /** A memory or disk alarm: the broker reads nothing from a connection that publishes until it is over. */
  get blocked(): boolean {
    return this.blockedReason !== undefined;
  }

  /** The live connection, or undefined once `close` was called. Waits as long as it takes. */
  async whenConnected(): Promise<ChannelModel | undefined> {
    while (!this.model && !this.closed) await this.changes.sleep();
    return this.closed ? undefined : this.model;
  }

  /**
   * Runs `work` on a channel of its own and closes it: what was fetched and not acknowledged goes back to its queue.
   * @throws BrokerAway when there is no connection, or nobody answers at its other end.
   */
  async withChannel<Result>(work: (channel: ConfirmChannel) => Promise<Result>): Promise<Result> {
    if (!this.model) await this.changes.sleep(connectTimeoutMs);
    if (!this.model) throw new BrokerUnavailable(`${this.name}: no connection to the broker`);
    const channel = await this.newChannel(this.model);
    let lost = false;
    channel.once('close', () => {
      lost = true;
    });
    // An error of the channel rejects the call that caused it.
    channel.on('error', () => {});
    try {
      return await work(channel);
    } catch (error) {
      if (lost) throw new BrokerUnavailable(`${this.name}: the channel was lost`, { cause: error });
      throw error;
    } finally {
      // A broker that fell silent does not answer, and then amqplib never does, even when the connection is long gone.
      await withTimeout(closeTimeoutMs, closeQuietly(channel)).catch(() => {});
    }
  }

  /** A broker that fell silent still has its connection, until heartbeats tell: nobody waits for those. */
  private async newChannel(model: ChannelModel): Promise<ConfirmChannel> {
    const channel = model.createConfirmChannel();
    try {
      return await withTimeout(connectTimeoutMs, channel);
    } catch (error) {
      channel.then(closeQuietly, () => {});
      throw new BrokerUnavailable(`${this.name}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Bounded, even when the broker has stopped answering. */
  async close(): Promise<void> {
    this.closed = true;
    this.changes.wake();
    const { model } = this;
    this.model = undefined;
    if (!this.recovering) return;
    await Promise.race([this.recovering.close(), sleep(closeTimeoutMs, undefined, { ref: false })]);
    if (model) socketOf(model).destroy();
  }
}

/** amqplib's types do not tell of it. */
function socketOf(model: ChannelModel): Socket {
  return (model.connection as unknown as { stream: Socket }).stream;
}

export interface ChannelPlan {
  readonly name: string;
  /**
   * Runs on each new channel before anyone may use it: declares what must exist, consumes. When it fails, the channel
   * is made anew.
   */
  readonly setup?: (channel: ConfirmChannel) => Promise<void>;
  /** The channel is gone, and with it every delivery that was not acknowledged. */
  readonly lost?: () => void;
}

/**
 * A channel (with publisher confirms) that is there again after whatever happens to it: the connection was lost, the
 * broker closed the channel over an error (404, 406), or its owner asked for a new one. Pauses between attempts grow,
 * with jitter.
 */
export class SupervisedChannel {
  private readonly logger: Logger;
  private channel: ConfirmChannel | undefined;
  private readonly changes = new InterruptibleTimer();
  private readonly pauses = new InterruptibleTimer();
  private closed = false;
  private started = false;

  constructor(
    private readonly connection: BrokerConnection,
    private readonly plan: ChannelPlan,
  ) {
    this.logger = new Logger(`Channel ${plan.name}`);
  }

  open(): void {
    if (this.started) return;
    this.started = true;
    void this.keepOpen();
  }

  /** The channel if it works at this moment. */
  get current(): ConfirmChannel | undefined {
    return this.channel;
  }

  /** @throws BrokerAway when there is no working channel within `timeoutMs`. */
  async ready(timeoutMs: number): Promise<ConfirmChannel> {
    const deadline = performance.now() + timeoutMs;
    while (!this.channel) {
      const leftMs = deadline - performance.now();
      if (this.closed || leftMs <= 0) throw new BrokerUnavailable(`${this.plan.name}: no connection to the broker`);
      await this.changes.sleep(leftMs);
    }
    return this.channel;
  }

  /** Gives the channel up for a new one: deliveries that were not acknowledged come again. */
  reopen(reason: string): void {
    const { channel } = this;
    if (!channel || this.closed) return;
    this.logger.warn(`opening a new channel: ${reason}`);
    this.channel = undefined;
    closeQuietly(channel);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.changes.wake();
    this.pauses.wake();
    const { channel } = this;
    this.channel = undefined;
    if (channel) await Promise.race([closeQuietly(channel), sleep(closeTimeoutMs, undefined, { ref: false })]);
  }

  private async keepOpen(): Promise<void> {
    let failures = 0;
    while (!this.closed) {
      const model = await this.connection.whenConnected();
      if (!model || this.closed) return;
      const since = performance.now();
      const worked = await this.live(model);
      failures = worked && performance.now() - since > 5_000 ? 0 : failures + 1;
      if (!this.closed) await this.pauses.sleep(backoffMs(failures - 1, { firstMs: 20 }));
    }
  }

  /** From opening to loss. Answers whether the channel ever worked. */
  private async live(model: ChannelModel): Promise<boolean> {
    let channel: ConfirmChannel | undefined;
    let worked = false;
    try {
      channel = await model.createConfirmChannel();
      const gone = closingOf(channel);
      channel.on('error', (error: Error) => this.logger.warn(`closed by the broker: ${error.message}`));
      await Promise.race([
        this.plan.setup?.(channel),
        gone.then(() => Promise.reject(new Error('closed during set-up'))),
      ]);
      if (!this.closed) {
        this.channel = channel;
        worked = true;
        this.changes.wake();
        await gone;
      }
    } catch (error) {
      if (!this.closed) this.logger.warn(`cannot set up: ${(error as Error).message}`);
    } finally {
      this.channel = undefined;
      if (channel) closeQuietly(channel);
      if (worked) this.plan.lost?.();
    }
    return worked;
  }
}

function closingOf(channel: Channel): Promise<void> {
  return new Promise((resolve) => channel.once('close', resolve));
}

/** Closing a channel that is closed already throws; that is as good. */
async function closeQuietly(channel: Channel): Promise<void> {
  try {
    await channel.close();
  } catch {}
}
