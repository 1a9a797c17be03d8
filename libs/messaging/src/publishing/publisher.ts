import type { ConfirmChannel, Options } from 'amqplib';
import { type BrokerConnection, SupervisedChannel } from '../connection/connection.js';
import { BrokerUnavailable } from '../faults.js';

interface Address {
  readonly exchange: string;
  readonly routingKey: string;
}

/** A message to publish, with its address. */
export interface Publication extends Address {
  readonly content: Buffer;
  readonly properties: Options.Publish;
}

/** The broker has no queue for at least one of the messages. It has stored the others. */
export class Unroutable extends Error {
  override readonly name = 'Unroutable';

  /** @param returned in the order in which they were published */
  constructor(
    readonly returned: readonly Publication[],
    published: number,
  ) {
    super(`no queue for ${returned.length} of ${published}: ${returned[0]?.routingKey} …`);
  }
}

/** How a window of messages is published. */
export interface Publishing {
  /** The user of the connection, by which consumers recognise the publisher. The broker refuses any other. */
  readonly userId: string;
  readonly timeoutMs: number;
}

/**
 * Publishes all messages and waits until the broker has stored each in a queue.
 * @throws Unroutable when a `mandatory` message has no queue
 * @throws BrokerUnavailable when a confirm is negative or late: none, some or all of the messages are stored, so
 *   publish them again, on another channel. Late confirms and returns on this one would be taken for those of the next
 *   window.
 */
export async function publishConfirmed(
  channel: ConfirmChannel,
  publications: readonly Publication[],
  { userId, timeoutMs }: Publishing,
): Promise<void> {
  if (publications.length === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // By address: the route of a message depends on nothing else.
  const returned = new Set<string>();
  // The broker sends the return of a mandatory message before its confirm: after the last confirm, all returns are
  // here.
  const onReturn = ({ fields }: { fields: object }) => returned.add(addressOf(fields as Address));
  let confirmed = 0;
  const onConfirm = (error: Error | null) => {
    if (error) reject(new BrokerUnavailable(`not confirmed: ${error.message}`, { cause: error }));
    else if (++confirmed === publications.length) resolve();
  };
  const timer = setTimeout(() => reject(new BrokerUnavailable(`not confirmed within ${timeoutMs} ms`)), timeoutMs);
  channel.on('return', onReturn);
  try {
    for (const { exchange, routingKey, content, properties } of publications) {
      channel.publish(exchange, routingKey, content, { ...properties, userId }, onConfirm);
    }
    await promise;
  } catch (error) {
    if (error instanceof BrokerUnavailable) throw error;
    throw new BrokerUnavailable(`not published: ${(error as Error).message}`, { cause: error });
  } finally {
    clearTimeout(timer);
    channel.off('return', onReturn);
  }
  if (returned.size === 0) return;
  const unrouted = publications.filter(({ properties, ...to }) => properties.mandatory && returned.has(addressOf(to)));
  throw new Unroutable(unrouted, publications.length);
}

function addressOf({ exchange, routingKey }: Address): string {
  return JSON.stringify([exchange, routingKey]);
}

/** Publishes one window of messages at a time, on a channel of its own. */
export class Publisher {
  private readonly channel: SupervisedChannel;
  private last: Promise<unknown> = Promise.resolve();

  /** @param setup declares the queues that the messages go to, on each new channel */
  constructor(
    private readonly connection: BrokerConnection,
    name: string,
    private readonly confirmTimeoutMs: number,
    private readonly setup?: (channel: ConfirmChannel) => Promise<void>,
  ) {
    this.channel = new SupervisedChannel(connection, { name, setup });
  }

  /** Begins to open the channel. */
  open(): void {
    this.channel.open();
  }

  /** Closes the channel, within three seconds. */
  close(): Promise<void> {
    return this.channel.close();
  }

  /** See `publishConfirmed`. Each window waits for the one before it. */
  publish(publications: readonly Publication[]): Promise<void> {
    const published = this.last.then(() => this.publishWindow(publications));
    this.last = published.catch(() => {});
    return published;
  }

  private async publishWindow(publications: readonly Publication[]): Promise<void> {
    const channel = await this.channel.ready(this.confirmTimeoutMs);
    try {
      const { user: userId } = this.connection;
      await publishConfirmed(channel, publications, { userId, timeoutMs: this.confirmTimeoutMs });
    } catch (error) {
      if (error instanceof BrokerUnavailable) this.channel.reopen(error.message);
      // A queue is missing: the set-up of the next channel declares it again.
      if (error instanceof Unroutable && this.setup) this.channel.reopen(error.message);
      throw error;
    }
  }
}
