import type { DataOf } from '#contracts/contract.js';
import type { bonusEarned, bonusReversed } from '#contracts/conversions.js';
import { assert } from '#kernel/assert.js';
import type { Envelope } from '#messaging/envelope.js';
import type { MovementCause } from '../ledger/cause.js';

/** A bonus that promotions granted to a person. */
export interface Bonus {
  readonly bonusId: string;
  readonly personId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly cause: MovementCause;
}

/** A bonus whose conversion was reversed. */
export interface BonusReversal extends Bonus {
  readonly reason: string;
}

/** A row that an SQL function returns for each event: whether it agrees with the bonus that has its id. */
export interface BonusAgreement {
  readonly bonus_id: string;
  readonly agrees: boolean;
}

/** @throws BrokenInvariant for a bonus that comes back with another person, amount or currency */
export function assertAgreement(rows: readonly BonusAgreement[]): void {
  for (const { bonus_id: bonusId, agrees } of rows) {
    assert(agrees, `bonus ${bonusId} comes back with another person, amount or currency`);
  }
}

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
