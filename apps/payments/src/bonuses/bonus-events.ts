import type { DataOf } from '#contracts/contract.js';
import type { bonusEarned, bonusReversed } from '#contracts/promotions/conversions.js';
import type { Envelope } from '#messaging/envelope.js';
import type { Bonus } from './domain/bonus.js';

/** What every event of a bonus carries, as the movements of bonuses take it. */
export function bonusOf(envelope: Envelope<DataOf<typeof bonusEarned> | DataOf<typeof bonusReversed>>): Bonus {
  const { data } = envelope;
  return {
    bonusId: data.bonus_id,
    personId: data.person_id,
    amountMinor: data.amount_minor,
    currency: data.currency,
    cause: envelope,
  };
}
