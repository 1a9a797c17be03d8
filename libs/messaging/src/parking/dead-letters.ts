import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Service } from '#contracts/contract.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import { type Page, type PageWindow, type Paging, readPage } from '#persistence/paging.js';
import { Broker } from '../connection/broker.js';
import { firstPublisher, withFirstPublisher } from '../connection/publisher-identity.js';
import {
  boundConsumersKey,
  declareTopology,
  eventsExchange,
  parkedQueue,
  serviceQueue,
  unroutableQueue,
} from '../connection/topology.js';
import { decodeEnvelope } from '../envelope.js';
import { BrokerUnavailable } from '../faults.js';
import { InterruptibleTimer } from '../interruptible-timer.js';
import { MessagingOptions } from '../messaging.options.js';
import { type Publication, Publisher, Unroutable } from '../publishing/publisher.js';
import { attemptsOf, headers, republished } from './parking.js';

/** A message that could not be handled, and the reason. */
export interface ParkedMessage {
  /** The id of this parking. A message that is replayed and parked again has another one. */
  readonly parkedId: string;
  readonly messageId: string | undefined;
  readonly type: string | undefined;
  readonly subject: string | undefined;
  /** Stable, such as `bug` or `retries-exhausted`; see ParkReason. */
  readonly reason: string;
  /** The error of the handler, for people. */
  readonly detail: string;
  /** RFC 3339. */
  readonly parkedAt: string | undefined;
  readonly attempts: number;
  readonly body: string;
}

/** The parked messages of one service, or the events without a contract. */
export type ParkingPlace = Service | 'unroutable';

/** The result of a replay. */
export interface Replay {
  readonly replayed: readonly ParkedMessage[];
  /** No queue is bound to these: they stay parked. */
  readonly left: readonly ParkedMessage[];
}

/** The most messages of one scan. An operator with more parked messages replays in several steps. */
const scanMax = 10_000;
/** After this long without a message the queue is empty, or another scan holds the rest. */
const quietMs = 250;
const publishWindow = 100;
/** The channel of a quorum queue delays commands beyond 32 in flight, and loses them when it is closed. */
const acksAtOnce = 16;
const scansAfterMax = 3;

interface Found {
  readonly message: ConsumeMessage;
  readonly parked: ParkedMessage;
}

/**
 * Lists, replays and discards parked messages, for operators. A scan receives the messages without acknowledging them
 * and returns them, so no message can be lost. A second scan at the same moment, in another process, sees fewer.
 */
@Injectable()
export class DeadLetters {
  private readonly logger = new Logger(DeadLetters.name);
  private readonly publisher: Publisher;
  private last: Promise<unknown> = Promise.resolve();
  private opened = false;

  constructor(
    private readonly broker: Broker,
    private readonly options: MessagingOptions,
  ) {
    this.publisher = new Publisher(broker.publishing, `${options.service} replays`, options.confirmTimeoutMs);
  }

  /** One page of parked messages, oldest first. @throws BrokerUnavailable */
  list(place: ParkingPlace, paging: Paging = { limit: 50 }): Promise<Page<ParkedMessage>> {
    return this.exclusively(async () => {
      const { found, total } = await this.scan(place);
      const parked = oldestFirst(found).map((one) => one.parked);
      const behind = ({ after, offset, limit }: PageWindow) => {
        const from = after === null ? 0 : parked.findIndex(({ parkedId }) => parkedId > String(after[0]));
        return from < 0 ? [] : parked.slice(from + offset, from + offset + limit);
      };
      return readPage<ParkedMessage>(
        {
          read: async (window) => behind(window),
          count: async () => total,
          keyOf: ({ parkedId }) => [parkedId],
        },
        paging,
      );
    });
  }

  /**
   * Publishes the named messages, or all, to the queue they came from. Each is acknowledged only after the broker has
   * confirmed it there. A crash in between leaves the message in both queues, and the inbox ignores the repeat.
   * @throws Refusal PARKED_MESSAGE_NOT_FOUND before any message is published
   * @throws BrokerUnavailable
   */
  async replay(place: ParkingPlace, which: readonly string[] | 'all'): Promise<Replay> {
    const left: ParkedMessage[] = [];
    const replayed = await this.takeOut(place, which, async (chosen) => {
      const sent: Found[] = [];
      for (let from = 0; from < chosen.length; from += publishWindow) {
        const window = chosen.slice(from, from + publishWindow);
        const publications = window.map(({ message }) => backToSource(place, message));
        const returned = await this.send(publications);
        for (const [found, publication] of zip(window, publications)) {
          if (returned.has(publication)) left.push(found.parked);
          else sent.push(found);
        }
      }
      this.logger.log(`replayed ${sent.length} of ${place}, ${left.length} have no queue`);
      return sent;
    });
    return { replayed, left };
  }

  /**
   * Deletes the named messages for ever and returns them, so that the caller can store them with the reason.
   * @throws Refusal PARKED_MESSAGE_NOT_FOUND before any message is deleted
   * @throws BrokerUnavailable
   */
  discard(place: ParkingPlace, parkedIds: readonly string[], reason: string): Promise<ParkedMessage[]> {
    return this.takeOut(place, parkedIds, async (chosen) => {
      for (const { parked } of chosen) {
        this.logger.warn({ parked, discardedBecause: reason }, 'parked message discarded');
      }
      return chosen;
    });
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  /** Runs one scan at a time: two at once would each see a part of the queue. */
  private exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.last.then(() => {
      if (!this.opened) this.publisher.open();
      this.opened = true;
      return work();
    });
    this.last = mine.catch(() => {});
    return mine;
  }

  /**
   * Resolves to the messages without a queue. The queues of the catalogue were declared before the scan.
   * @throws BrokerUnavailable
   */
  private async send(publications: readonly Publication[]): Promise<ReadonlySet<Publication>> {
    try {
      await this.publisher.publish(publications);
      return new Set();
    } catch (error) {
      if (error instanceof Unroutable) return new Set(error.returned);
      throw error;
    }
  }

  /** Deletes the messages that `act` resolves to. */
  private takeOut(
    place: ParkingPlace,
    which: readonly string[] | 'all',
    act: (chosen: readonly Found[]) => Promise<readonly Found[]>,
  ): Promise<ParkedMessage[]> {
    return this.exclusively(async () => {
      const wanted = new Set(which === 'all' ? [] : which);
      let done: readonly Found[] = [];
      await this.scan(place, async (found) => {
        const chosen = oldestFirst(found).filter(({ parked }) => which === 'all' || wanted.delete(parked.parkedId));
        for (const parkedId of wanted) {
          throw new Refusal('PARKED_MESSAGE_NOT_FOUND', 'No such parked message.', { parked_id: parkedId });
        }
        done = await act(chosen);
        return done;
      });
      await this.confirmDeleted(place, new Set(done.map(({ parked }) => parked.parkedId)));
      return done.map(({ parked }) => parked);
    });
  }

  /**
   * Scans again and acknowledges what is still there. An acknowledgement has no confirm, and a queue whose leader
   * changes may miss it. @throws BrokerUnavailable when messages remain after several scans
   */
  private async confirmDeleted(place: ParkingPlace, gone: ReadonlySet<string>): Promise<void> {
    for (let scans = 0; scans < scansAfterMax; scans++) {
      let left: Found[] = [];
      await this.scan(place, async (found) => {
        left = found.filter(({ parked }) => gone.has(parked.parkedId));
        return left;
      });
      if (left.length === 0) return;
    }
    throw new BrokerUnavailable(`the broker has not deleted all acknowledged messages of ${place}`);
  }

  /**
   * Scans the queue on a channel of its own: if anything fails, the broker requeues what was not acknowledged. The
   * messages that `take` resolves to are acknowledged, the others are returned.
   */
  private scan(
    place: ParkingPlace,
    take: (found: readonly Found[]) => Promise<readonly Found[]> = async () => [],
  ): Promise<{ found: Found[]; total: number }> {
    return this.broker.consuming.withChannel(async (channel) => {
      const seen = await this.receiveAll(channel, place);
      await settle(channel, place, seen.found, await take(seen.found));
      return seen;
    });
  }

  /** Only the consumer parks messages in its parked queue: nobody else may name their first publisher. */
  private identified(place: ParkingPlace, message: ConsumeMessage): ConsumeMessage {
    const consumer = place === 'unroutable' ? 'ops' : place;
    return withFirstPublisher(message, firstPublisher(message, this.options.accounts, consumer));
  }

  /**
   * Receives until no message arrives: the broker counts a message that was just returned late, and delivers it still.
   */
  private async receiveAll(channel: ConfirmChannel, place: ParkingPlace): Promise<{ found: Found[]; total: number }> {
    await declareTopology(channel, this.options);
    const found: Found[] = [];
    const arrivals = new InterruptibleTimer();
    await channel.prefetch(scanMax, false);
    const { consumerTag } = await channel.consume(queueOf(place), (message) => {
      if (message) found.push({ message: this.identified(place, message), parked: describe(message) });
      arrivals.wake();
    });
    for (let before = -1; found.length < scanMax && found.length > before; ) {
      before = found.length;
      await arrivals.sleep(quietMs);
    }
    await channel.cancel(consumerTag);
    const { messageCount: unseen } = await channel.checkQueue(queueOf(place));
    return { found, total: found.length + unseen };
  }
}

/** By the ids of their parking, which grow with time: the broker requeues in any order. */
function oldestFirst(found: readonly Found[]): Found[] {
  return found.toSorted((left, right) => (left.parked.parkedId < right.parked.parkedId ? -1 : 1));
}

/** Acknowledges the messages in `done`, a few at a time, and returns the others. */
async function settle(
  channel: ConfirmChannel,
  place: ParkingPlace,
  found: readonly Found[],
  done: readonly Found[],
): Promise<void> {
  if (done.length === found.length) channel.ackAll();
  else {
    for (let from = 0; from < done.length; from += acksAtOnce) {
      for (const { message } of done.slice(from, from + acksAtOnce)) channel.ack(message);
      // Resolves after the queue has processed the acknowledgements. A message that it brings is returned below.
      await channel.get(queueOf(place));
    }
  }
  channel.nackAll(true);
}

function queueOf(place: ParkingPlace): string {
  return place === 'unroutable' ? unroutableQueue : parkedQueue(place);
}

function backToSource(place: ParkingPlace, message: ConsumeMessage): Publication {
  if (place !== 'unroutable') return republished(message, '', serviceQueue(place));
  return republished(message, eventsExchange, boundConsumersKey(decodeEnvelope(message.content).type));
}

function describe(message: ConsumeMessage): ParkedMessage {
  const { properties, content } = message;
  const given = properties.headers ?? {};
  const digest = () => createHash('sha256').update(content).digest('hex').slice(0, 32);
  return {
    // A message that the broker itself dead-lettered has no parking id of ours.
    parkedId: String(given[headers.parkedId] ?? properties.messageId ?? digest()),
    messageId: properties.messageId,
    type: properties.type,
    subject: subjectOf(content),
    reason: String(given[headers.parkedReason] ?? given['x-first-death-reason'] ?? 'unknown-type'),
    detail: String(given[headers.parkedDetail] ?? ''),
    parkedAt: given[headers.parkedAt],
    attempts: attemptsOf(message),
    body: content.toString('utf8'),
  };
}

function subjectOf(content: Buffer): string | undefined {
  try {
    return decodeEnvelope(content).subject;
  } catch {
    return undefined;
  }
}
