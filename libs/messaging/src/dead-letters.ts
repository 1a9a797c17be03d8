import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Service } from '#contracts/contract.js';
import { Refusal } from '#kernel/refusal.js';
import { Broker } from './broker.js';
import { decodeEnvelope } from './envelope.js';
import { MessagingOptions } from './messaging.options.js';
import { attemptsOf, headers, renewed } from './parking.js';
import { type Publication, Publisher } from './publisher.js';
import { Sleeper } from './sleeper.js';
import { declareTopology, eventsExchange, parkedQueue, routingKey, serviceQueue, unroutableQueue } from './topology.js';

/** A message that nobody could handle, and why. */
export interface ParkedMessage {
  /** Names this parking of the message; one that is replayed and parked again has another. */
  readonly parkedId: string;
  readonly messageId: string | undefined;
  readonly type: string | undefined;
  readonly subject: string | undefined;
  /** Stable, such as `bug` or `retries-exhausted`; see ParkReason. */
  readonly reason: string;
  /** What the handler threw, for people. */
  readonly detail: string;
  /** RFC 3339. */
  readonly parkedAt: string | undefined;
  readonly attempts: number;
  readonly body: string;
}

/** Whose parked messages: a service's, or those that no contract knows. */
export type ParkingPlace = Service | 'unroutable';

export interface ParkedPage {
  readonly items: readonly ParkedMessage[];
  readonly total: number;
}

/** What one look goes through at the most; an operator who has more than this replays in several goes. */
const scanMax = 10_000;
/** When nothing has come for so long, nothing is left, or somebody else is looking at it. */
const quietMs = 250;
const publishWindow = 100;

interface Found {
  readonly message: ConsumeMessage;
  readonly parked: ParkedMessage;
}

/**
 * For operators: what waits in the parked queues. Looking takes messages out without acknowledging them and gives them
 * back, so nothing can be lost by it; somebody who looks at the same moment from elsewhere sees fewer.
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
    this.publisher = new Publisher(
      broker.publishing,
      `${options.service} replays`,
      options.confirmTimeoutMs,
      (channel) => declareTopology(channel, options.catalogue),
    );
  }

  /** Oldest first. @throws BrokerAway */
  list(place: ParkingPlace, { offset = 0, limit = 50 } = {}): Promise<ParkedPage> {
    return this.alone(async (channel) => {
      const { found, total } = await this.scan(channel, place);
      settle(channel, found, new Set());
      return {
        items: oldestFirst(found)
          .slice(offset, offset + limit)
          .map(({ parked }) => parked),
        total,
      };
    });
  }

  /**
   * Sends the named messages, or all, back to where they came from, and says which. They are acknowledged here only when
   * the broker has confirmed them there; dying in between leaves them in both places, and handling one twice is harmless.
   * @throws Refusal PARKED_MESSAGE_NOT_FOUND before anything is sent, BrokerAway, Unroutable
   */
  replay(place: ParkingPlace, which: readonly string[] | 'all'): Promise<ParkedMessage[]> {
    return this.takeOut(place, which, async (chosen) => {
      for (let from = 0; from < chosen.length; from += publishWindow) {
        const window = chosen.slice(from, from + publishWindow);
        await this.publisher.publish(window.map(({ message }) => backToSource(place, message)));
      }
      this.logger.log(`replayed ${chosen.length} of ${place}`);
    });
  }

  /**
   * Throws the named messages away for ever, and gives back what they were: keep that, with the reason.
   * @throws Refusal PARKED_MESSAGE_NOT_FOUND before anything is thrown away, BrokerAway
   */
  discard(place: ParkingPlace, parkedIds: readonly string[], reason: string): Promise<ParkedMessage[]> {
    return this.takeOut(place, parkedIds, async (chosen) => {
      for (const { parked } of chosen) {
        this.logger.warn({ parked, discardedBecause: reason }, 'parked message discarded');
      }
    });
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  /** One at a time, on a channel of its own: if it breaks, the broker takes back everything that was not acknowledged. */
  private alone<Result>(work: (channel: ConfirmChannel) => Promise<Result>): Promise<Result> {
    const mine = this.last.then(async () => {
      if (!this.opened) this.publisher.open();
      this.opened = true;
      return this.broker.consuming.withChannel(work);
    });
    this.last = mine.catch(() => {});
    return mine;
  }

  private takeOut(
    place: ParkingPlace,
    which: readonly string[] | 'all',
    act: (chosen: readonly Found[]) => Promise<void>,
  ): Promise<ParkedMessage[]> {
    return this.alone(async (channel) => {
      const { found } = await this.scan(channel, place);
      const wanted = new Set(which === 'all' ? [] : which);
      const chosen = oldestFirst(found).filter(({ parked }) => which === 'all' || wanted.delete(parked.parkedId));
      const done = new Set<Found>();
      try {
        for (const parkedId of wanted) {
          throw new Refusal('PARKED_MESSAGE_NOT_FOUND', 'No such parked message.', { parked_id: parkedId });
        }
        await act(chosen);
        for (const each of chosen) done.add(each);
      } finally {
        settle(channel, found, done);
      }
      return chosen.map(({ parked }) => parked);
    });
  }

  /** Until nothing more comes: what was given back a moment ago is not counted yet as being there, and comes all the same. */
  private async scan(channel: ConfirmChannel, place: ParkingPlace): Promise<{ found: Found[]; total: number }> {
    await declareTopology(channel, this.options.catalogue);
    const found: Found[] = [];
    const arrivals = new Sleeper();
    await channel.prefetch(scanMax, false);
    const { consumerTag } = await channel.consume(queueOf(place), (message) => {
      if (message) found.push({ message, parked: describe(message) });
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

/** By the ids of their parking, which grow with time: the broker gives back in any order what was only looked at. */
function oldestFirst(found: readonly Found[]): Found[] {
  return found.toSorted((left, right) => (left.parked.parkedId < right.parked.parkedId ? -1 : 1));
}

/**
 * Acknowledges what is done and gives the rest back, in as few commands as there are runs of the one or the other: a
 * quorum queue's channel holds back what goes beyond a few dozen, and forgets it when it is closed.
 */
function settle(channel: ConfirmChannel, found: readonly Found[], done: ReadonlySet<Found>): void {
  for (const [position, each] of found.entries()) {
    const next = found[position + 1];
    if (next && done.has(next) === done.has(each)) continue;
    if (done.has(each)) channel.ack(each.message, true);
    else channel.nack(each.message, true, true);
  }
}

function queueOf(place: ParkingPlace): string {
  return place === 'unroutable' ? unroutableQueue : parkedQueue(place);
}

function backToSource(place: ParkingPlace, message: ConsumeMessage): Publication {
  if (place !== 'unroutable') return renewed(message, '', serviceQueue(place));
  const { type, subject } = decodeEnvelope(message.content);
  return renewed(message, eventsExchange, routingKey(type, subject));
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
