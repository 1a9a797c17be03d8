import type { ConfirmChannel, Options } from 'amqplib';
import { type BrokerConnection, SupervisedChannel } from '../connection/connection.js';
import { BrokerUnavailable } from '../faults.js';

interface Address {
  readonly exchange: string;
  readonly routingKey: string;
}

/** A message, and where it goes. */
export interface Publication extends Address {
  readonly content: Buffer;
  readonly properties: Options.Publish;
}

/** The broker has no queue for at least one of the messages; it has the others. */
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

/**
 * Publishes all and waits until the broker has each safely in a queue. When it throws BrokerAway, none, some or all of
 * them are: publish them again.
 * @throws Unroutable when one that is `mandatory` has no queue; BrokerAway when a confirm is refused or does not come
 * in time. After BrokerAway the channel must be given up: late confirms and returns would be taken for those of the
 * next window.
 */
export async function publishConfirmed(
  channel: ConfirmChannel,
  publications: readonly Publication[],
  timeoutMs: number,
): Promise<void> {
  if (publications.length === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // By address: where a message goes depends on nothing else.
  const returned = new Set<string>();
  // For a mandatory message the broker sends the return before the confirm, so when all is confirmed all returns are
  // in.
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
      channel.publish(exchange, routingKey, content, properties, onConfirm);
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

/** Publishes a window at a time on a channel of its own. */
export class Publisher {
  private readonly channel: SupervisedChannel;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    connection: BrokerConnection,
    name: string,
    private readonly confirmTimeoutMs: number,
    private readonly setup?: (channel: ConfirmChannel) => Promise<void>,
  ) {
    this.channel = new SupervisedChannel(connection, { name, setup });
  }

  open(): void {
    this.channel.open();
  }

  close(): Promise<void> {
    return this.channel.close();
  }

  /** See `publishConfirmed`; a window waits for the one before it. */
  publish(publications: readonly Publication[]): Promise<void> {
    const mine = this.last.then(() => this.window(publications));
    this.last = mine.catch(() => {});
    return mine;
  }

  private async window(publications: readonly Publication[]): Promise<void> {
    const channel = await this.channel.ready(this.confirmTimeoutMs);
    try {
      await publishConfirmed(channel, publications, this.confirmTimeoutMs);
    } catch (error) {
      if (error instanceof BrokerUnavailable) this.channel.reopen(error.message);
      // A queue is missing: the set-up of a new channel declares it again.
      if (error instanceof Unroutable && this.setup) this.channel.reopen(error.message);
      throw error;
    }
  }
}
