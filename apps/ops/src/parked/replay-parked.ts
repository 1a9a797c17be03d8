import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { DeadLetters, type ParkedMessage, type ParkingPlace, type Replay } from '#messaging/parking/dead-letters.js';
import { ActionsStore } from '../actions/actions.store.js';

/** A refusal names at most this many messages; the list of parked messages has all. */
const namedMax = 100;

/**
 * Sends parked messages back to the queue that they came from. The record is begun before and finished after, so a
 * crash in between leaves an unfinished record. The messages are then in their queue, or parked, or both, which is
 * harmless.
 */
@Injectable()
export class ReplayParked {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly actions: ActionsStore,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws Refusal PARKED_MESSAGE_NOT_FOUND before anything is sent, NO_SUBSCRIBERS after the others were sent;
   *   BrokerUnavailable
   */
  async execute(
    place: ParkingPlace,
    which: readonly string[] | 'all',
    operator: string,
  ): Promise<readonly ParkedMessage[]> {
    const id = newId();
    await this.actions.begin(
      { id, kind: 'replay', place, jobId: null, operator, reason: null, requestedAt: this.clock.now() },
      [],
    );
    const { replayed, left } = await this.replay(id, place, which);
    if (left.length === 0) {
      await this.actions.finish(id, this.clock.now(), replayed);
      return replayed;
    }
    const refusal = noSubscribers(replayed, left);
    await this.actions.fail(id, refusal.message, replayed);
    throw refusal;
  }

  private async replay(id: string, place: ParkingPlace, which: readonly string[] | 'all'): Promise<Replay> {
    try {
      return await this.deadLetters.replay(place, which);
    } catch (error) {
      await this.actions.fail(id, (error as Error).message);
      throw error;
    }
  }
}

function noSubscribers(replayed: readonly ParkedMessage[], left: readonly ParkedMessage[]): Refusal {
  const types = [...new Set(left.map(({ type }) => type ?? 'unknown type'))].join(', ');
  const words = `${left.length} of ${replayed.length + left.length} messages have no subscribers: ${types}. They stay parked.`;
  return new Refusal('NO_SUBSCRIBERS', words, {
    replayed: replayed.length,
    parkedIds: left.slice(0, namedMax).map(({ parkedId }) => parkedId),
  });
}
