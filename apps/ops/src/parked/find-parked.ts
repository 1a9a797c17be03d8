import { Injectable } from '@nestjs/common';
import { Refusal } from '#kernel/refusal.js';
import { DeadLetters, type ParkedMessage, type ParkingPlace } from '#messaging/parking/dead-letters.js';

/** The library scans at most this many messages. */
const scanMax = 10_000;

/** Finds parked messages by their ids; each id once, in the order of the request. */
@Injectable()
export class FindParked {
  constructor(private readonly deadLetters: DeadLetters) {}

  /** @throws Refusal PARKED_MESSAGE_NOT_FOUND when one of the messages is not parked (any more) */
  async execute(place: ParkingPlace, parkedIds: readonly string[]): Promise<ParkedMessage[]> {
    const { items } = await this.deadLetters.list(place, { limit: scanMax });
    const byId = new Map(items.map((message) => [message.parkedId, message]));
    return [...new Set(parkedIds)].map((parkedId) => {
      const message = byId.get(parkedId);
      if (message) return message;
      throw new Refusal('PARKED_MESSAGE_NOT_FOUND', 'This message is not parked there any more.', { parkedId, place });
    });
  }
}
