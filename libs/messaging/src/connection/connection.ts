import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import amqp, { type Channel, type ChannelModel, type ConfirmChannel, type RecoveringChannelModel } from 'amqplib';
import { endsWithin, withTimeout } from '#kernel/with-timeout.js';
import { userOf } from '../broker-accounts.js';
import { BrokerUnavailable, backoffMs } from '../faults.js';
import { InterruptibleTimer } from '../interruptible-timer.js';
import { corkEachTurn } from './corked-socket.js';

const heartbeatS = 10;
const connectTimeoutMs = 5_000;
const closeTimeoutMs = 3_000;
/** A set-up that the broker never answers is begun again on a new channel; what it has declared stays declared. */
const setupTimeoutMs = 10_000;

/**
 * One connection to the broker that reconnects by itself, for as long as it takes. amqplib's own recovery reconnects a
 * closed or silent socket (heartbeats); `SupervisedChannel` restores the channels and their consumers.
 */
export class BrokerConnection {
  private readonly logger: Logger;
  private recovering: RecoveringChannelModel | undefined;
  private model: ChannelModel | undefined;
  private readonly changes = new InterruptibleTimer();
  private blockedReason: string | undefined;
  private closed = false;
  /** When the next attempt to connect begins, on the monotonic clock. Afterwards it is under way. */
  private attemptAt = 0;

  constructor(
    private readonly url: string,
    private readonly name: string,
  ) {
    this.logger = new Logger(`Broker ${name}`);
  }

  /** The broker's user of this connection. No message may carry another one as its publisher. */
  get user(): string {
    return userOf(this.url);
  }

  /** Begins to connect and returns at once: a service starts without a broker. */
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
      // A silent peer never answers our FIN. Without this the socket would stay open until the kernel gives up.
      if (lost) socketOf(lost).destroy();
      this.logger.warn(`connection lost: ${error.message}`);
      this.changes.wake();
    });
    recovering.on('connect-failed', (error) => this.logger.warn(`cannot connect: ${error.message}`));
    recovering.on('reconnect-scheduled', ({ delay }) => {
      this.attemptAt = performance.now() + delay;
    });
    recovering.on('blocked', (reason) => {
      this.blockedReason = reason;
      this.logger.warn(`the broker accepts no messages for now: ${reason}`);
    });
    recovering.on('unblocked', () => {
      this.blockedReason = undefined;
      this.logger.log('the broker accepts messages again');
      this.changes.wake();
    });
    // `disconnect` reports the loss. Without a listener for `error` Node would end the process.
    recovering.on('error', (error) => this.logger.warn(error.message));
  }

  /** Whether the connection is up at this moment. */
  get connected(): boolean {
    return this.model !== undefined;
  }

  /** Whether a memory or disk alarm is on: until its end the broker reads nothing from a connection that publishes. */
  get blocked(): boolean {
    return this.blockedReason !== undefined;
  }

  /** The connection, once it is up, or undefined after `close`. Waits without a limit. */
  async whenConnected(): Promise<ChannelModel | undefined> {
    while (!this.model && !this.closed) await this.changes.sleep();
    return this.closed ? undefined : this.model;
  }

  /**
   * Runs `work` on a channel of its own and closes it: messages that were not acknowledged return to their queue.
   * @throws BrokerUnavailable when there is no connection, or the broker does not answer.
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
      // When the broker is silent, amqplib never resolves, not even after the connection is lost.
      await endsWithin(closeTimeoutMs, closeQuietly(channel));
    }
  }

  /**
   * A new channel of the connection, with publisher confirms. Bounded: a silent broker keeps its connection until the
   * heartbeats fail, which takes too long.
   * @throws BrokerUnavailable when the broker does not answer, or the connection was lost meanwhile: a channel that was
   *   closed before its first use reports that to nobody
   */
  async newChannel(model: ChannelModel): Promise<ConfirmChannel> {
    const opening = model.createConfirmChannel();
    try {
      const channel = await withTimeout(connectTimeoutMs, opening);
      if (this.model !== model) throw new Error('the connection was lost');
      return channel;
    } catch (error) {
      opening.then(closeQuietly, () => {});
      throw new BrokerUnavailable(`${this.name}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Closes within three seconds, even when the broker has stopped answering. */
  async close(): Promise<void> {
    this.closed = true;
    this.changes.wake();
    const { model, recovering } = this;
    this.model = undefined;
    if (!recovering) return;
    await endsWithin(
      closeTimeoutMs,
      model || performance.now() < this.attemptAt ? recovering.close() : ended(recovering),
    );
    if (model) socketOf(model).destroy();
  }
}

/**
 * Closes a connection after its attempt to connect that is under way. Closed earlier, amqplib would end the connection
 * that the attempt brings without a listener for its errors, and any error would end the process.
 */
function ended(recovering: RecoveringChannelModel): Promise<void> {
  return new Promise((resolve, reject) => {
    const close = () => recovering.close().then(resolve, reject);
    recovering.once('connect', close);
    recovering.once('connect-failed', close);
  });
}

/** amqplib's types do not declare it. */
function socketOf(model: ChannelModel): Socket {
  return (model.connection as unknown as { stream: Socket }).stream;
}

export interface ChannelPlan {
  readonly name: string;
  /**
   * Runs on each new channel before its first use: declares queues, begins to consume. When it fails, a new channel is
   * opened.
   */
  readonly setup?: (channel: ConfirmChannel) => Promise<void>;
  /** The channel is lost, and with it every delivery that was not acknowledged. */
  readonly onLost?: () => void;
}

/**
 * A channel (with publisher confirms) that is replaced whenever it is lost: the connection was lost, the broker closed
 * the channel over an error (404, 406), or its owner called `reopen`. Pauses between attempts grow, with jitter.
 */
export class SupervisedChannel {
  private readonly logger: Logger;
  private channel: ConfirmChannel | undefined;
  /** Ends the channel that is being set up or in use. */
  private giveUp: (() => void) | undefined;
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

  /** Begins to open the channel, once; it stays supervised until `close`. */
  open(): void {
    if (this.started) return;
    this.started = true;
    void this.keepOpen();
  }

  /** The channel if it works at this moment. */
  get current(): ConfirmChannel | undefined {
    return this.channel;
  }

  /** The channel, once it works. @throws BrokerUnavailable when it does not within `timeoutMs` */
  async ready(timeoutMs: number): Promise<ConfirmChannel> {
    const deadline = performance.now() + timeoutMs;
    while (!this.channel) {
      const leftMs = deadline - performance.now();
      if (this.closed || leftMs <= 0) throw new BrokerUnavailable(`${this.plan.name}: no connection to the broker`);
      await this.changes.sleep(leftMs);
    }
    return this.channel;
  }

  /**
   * Replaces the channel, also while it is being set up: the broker may cancel a consumer before the set-up has ended.
   * Deliveries that were not acknowledged are redelivered.
   */
  reopen(reason: string): void {
    if (!this.giveUp || this.closed) return;
    this.logger.warn(`opening a new channel: ${reason}`);
    this.channel = undefined;
    this.giveUp();
  }

  /** Closes within three seconds, even when the broker has stopped answering. */
  async close(): Promise<void> {
    this.closed = true;
    this.changes.wake();
    this.pauses.wake();
    const { channel } = this;
    this.channel = undefined;
    if (channel) await endsWithin(closeTimeoutMs, closeQuietly(channel));
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

  /** Opens a channel and waits until it is lost or given up. Resolves to whether its set-up succeeded. */
  private async live(model: ChannelModel): Promise<boolean> {
    const { promise: ended, resolve: giveUp } = Promise.withResolvers<void>();
    this.giveUp = giveUp;
    let channel: ConfirmChannel | undefined;
    let worked = false;
    try {
      channel = await this.connection.newChannel(model);
      channel.once('close', giveUp);
      channel.on('error', (error: Error) => this.logger.warn(`closed by the broker: ${error.message}`));
      await Promise.race([
        withTimeout(setupTimeoutMs, Promise.resolve(this.plan.setup?.(channel))),
        ended.then(() => Promise.reject(new Error('closed during set-up'))),
      ]);
      if (!this.closed) {
        this.channel = channel;
        worked = true;
        this.changes.wake();
        await ended;
      }
    } catch (error) {
      if (!this.closed) this.logger.warn(`cannot set up: ${(error as Error).message}`);
    } finally {
      this.channel = undefined;
      this.giveUp = undefined;
      if (channel) closeQuietly(channel);
      if (worked) this.plan.onLost?.();
    }
    return worked;
  }
}

/** Ignores the error of a channel that is closed already. */
async function closeQuietly(channel: Channel): Promise<void> {
  try {
    await channel.close();
  } catch {}
}
