import type { MovementCause } from '../../ledger/cause.js';

/** Money that promotions says a person has earned. */
export interface Bonus {
  /** Also the id of the transfer that grants it. */
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

/** A bonus as it is kept. */
export interface KnownBonus extends Omit<Bonus, 'cause'> {
  readonly isReversed: boolean;
}
