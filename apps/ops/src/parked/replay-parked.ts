import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { DeadLetters, type ParkedMessage, type ParkingPlace } from '#messaging/dead-letters.js';
import { ActionsStore } from '../actions/actions.store.js';

/**
 * Sends parked messages back to where they came from. The record is begun before and finished after, so that a crash
 * in between leaves a trace; the messages are then in their queue or still parked, or both, which is harmless.
 */
@Injectable()
export class ReplayParked {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly actions: ActionsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal PARKED_MESSAGE_NOT_FOUND, BrokerAway */
  async execute(place: ParkingPlace, which: readonly string[] | 'all', operator: string): Promise<ParkedMessage[]> {
    const id = newId();
    await this.actions.begin({ id, kind: 'replay', place, operator, reason: null, askedAt: this.clock.now() }, []);
    let replayed: ParkedMessage[];
    try {
      replayed = await this.deadLetters.replay(place, which);
    } catch (error) {
      await this.actions.fail(id, (error as Error).message);
      throw error;
    }
    await this.actions.finish(id, this.clock.now(), replayed);
    return replayed;
  }
}
