import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Service } from '#contracts/contract.js';
import { Refusal } from '#kernel/refusal.js';
import { Broker } from '../connection/broker.js';
import {
  consumersKey,
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

/** What became of messages that were to be sent back. */
export interface Replay {
  readonly replayed: readonly ParkedMessage[];
  /** Nobody listens to these: they stay where they are. */
  readonly left: readonly ParkedMessage[];
}

export interface ParkedPage {
  readonly items: readonly ParkedMessage[];
  readonly total: number;
}

/** What one look goes through at the most; an operator who has more than this replays in several goes. */
const scanMax = 10_000;
/** When nothing has come for so long, nothing is left, or somebody else is looking at it. */
const quietMs = 250;
const publishWindow = 100;
/**
 * A quorum queue's channel keeps to itself what goes beyond 32 commands under way, and forgets it when it is closed.
 */
const acksAtOnce = 16;
const looksAfterMax = 3;

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
    this.publisher = new Publisher(broker.publishing, `${options.service} replays`, options.confirmTimeoutMs);
  }

  /** Oldest first. @throws BrokerAway */
  list(place: ParkingPlace, { offset = 0, limit = 50 } = {}): Promise<ParkedPage> {
    return this.alone(async () => {
      const { found, total } = await this.look(place);
      return {
        items: oldestFirst(found)
          .slice(offset, offset + limit)
          .map(({ parked }) => parked),
        total,
      };
    });
  }

  /**
   * Sends the named messages, or all, back to where they came from, and says which. They are acknowledged here only
   * when the broker has confirmed them there; dying in between leaves them in both places, and handling one twice is
   * harmless.
   * @throws Refusal PARKED_MESSAGE_NOT_FOUND before anything is sent, BrokerAway
   */
  async replay(place: ParkingPlace, which: readonly string[] | 'all'): Promise<Replay> {
    const left: ParkedMessage[] = [];
    const replayed = await this.takeOut(place, which, async (chosen) => {
      const sent: Found[] = [];
      for (let from = 0; from < chosen.length; from += publishWindow) {
        const window = chosen.slice(from, from + publishWindow);
        const publications = window.map(({ message }) => backToSource(place, message));
        const returned = await this.send(publications);
        for (const [position, found] of window.entries()) {
          if (returned.has(publications[position] as Publication)) left.push(found.parked);
          else sent.push(found);
        }
      }
      this.logger.log(`replayed ${sent.length} of ${place}, ${left.length} have no queue`);
      return sent;
    });
    return { replayed, left };
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
      return chosen;
    });
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  /** One at a time: two at once would each see a part. */
  private alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.last.then(() => {
      if (!this.opened) this.publisher.open();
      this.opened = true;
      return work();
    });
    this.last = mine.catch(() => {});
    return mine;
  }

  /**
   * Answers with those that have no queue. All that the catalogue knows were declared before the look.
   * @throws BrokerAway
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

  /** Lets go of those that `act` answers with. */
  private takeOut(
    place: ParkingPlace,
    which: readonly string[] | 'all',
    act: (chosen: readonly Found[]) => Promise<readonly Found[]>,
  ): Promise<ParkedMessage[]> {
    return this.alone(async () => {
      const wanted = new Set(which === 'all' ? [] : which);
      let done: readonly Found[] = [];
      await this.look(place, async (found) => {
        const chosen = oldestFirst(found).filter(({ parked }) => which === 'all' || wanted.delete(parked.parkedId));
        for (const parkedId of wanted) {
          throw new Refusal('PARKED_MESSAGE_NOT_FOUND', 'No such parked message.', { parked_id: parkedId });
        }
        done = await act(chosen);
        return done;
      });
      await this.makeSure(place, new Set(done.map(({ parked }) => parked.parkedId)));
      return done.map(({ parked }) => parked);
    });
  }

  /**
   * Nothing tells that an acknowledgement arrived, and a queue whose leader changes meanwhile may miss it: what came
   * back is let go of again. @throws BrokerAway when it keeps coming back
   */
  private async makeSure(place: ParkingPlace, gone: ReadonlySet<string>): Promise<void> {
    for (let looks = 0; looks < looksAfterMax; looks++) {
      let left: Found[] = [];
      await this.look(place, async (found) => {
        left = found.filter(({ parked }) => gone.has(parked.parkedId));
        return left;
      });
      if (left.length === 0) return;
    }
    throw new BrokerUnavailable(`the broker does not let go of all that was taken out of ${place}`);
  }

  /**
   * On a channel of its own: if anything breaks, the broker takes back everything that was not acknowledged. What
   * `take` answers with is acknowledged, and the rest given back.
   */
  private look(
    place: ParkingPlace,
    take: (found: readonly Found[]) => Promise<readonly Found[]> = async () => [],
  ): Promise<{ found: Found[]; total: number }> {
    return this.broker.consuming.withChannel(async (channel) => {
      const seen = await this.scan(channel, place);
      await settle(channel, place, seen.found, await take(seen.found));
      return seen;
    });
  }

  /**
   * Until nothing more comes: what was given back a moment ago is not counted yet as being there, and comes all the
   * same.
   */
  private async scan(channel: ConfirmChannel, place: ParkingPlace): Promise<{ found: Found[]; total: number }> {
    await declareTopology(channel, this.options.catalogue);
    const found: Found[] = [];
    const arrivals = new InterruptibleTimer();
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

/** Acknowledges what is done, a few at a time, and gives the rest back. */
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
      // Answered when the queue has done all before it. Should a message come, it goes back with the rest.
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
  return republished(message, eventsExchange, consumersKey(decodeEnvelope(message.content).type));
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
