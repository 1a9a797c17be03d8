import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { DeadLetters, type ParkedMessage, type ParkingPlace } from '#messaging/parking/dead-letters.js';
import { ActionsStore } from '../actions/actions.store.js';
import { FindParked } from './find-parked.js';

/**
 * Discards parked messages. Their bodies are recorded and committed before the broker removes the messages: without the
 * database nothing is discarded.
 */
@Injectable()
export class DiscardParked {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly findParked: FindParked,
    private readonly actions: ActionsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal PARKED_MESSAGE_NOT_FOUND, BrokerUnavailable */
  async execute(
    place: ParkingPlace,
    parkedIds: readonly string[],
    reason: string,
    operator: string,
  ): Promise<ParkedMessage[]> {
    const found = await this.findParked.execute(place, parkedIds);
    const id = newId();
    await this.actions.begin(
      { id, kind: 'discard', place, jobId: null, operator, reason, requestedAt: this.clock.now() },
      found,
    );
    try {
      await this.deadLetters.discard(place, parkedIds, reason);
    } catch (error) {
      await this.actions.fail(id, (error as Error).message);
      throw error;
    }
    await this.actions.finish(id, this.clock.now(), []);
    return found;
  }
}
