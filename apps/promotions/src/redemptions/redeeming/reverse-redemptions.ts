import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { Cause } from '#messaging/envelope.js';
import type { Tx } from '#persistence/transaction.js';
import { type ChangedRedemption, RedemptionsStore } from '../redemptions.store.js';

/** A redeemed use that is to be taken back. */
export interface Reversal {
  readonly redemptionId: string;
  /** By which the code's give-back rule decides about the slot. */
  readonly reason: string;
  /** Of the order that it was used for. */
  readonly revenueMinor: number;
  readonly cause: Cause | null;
}

/**
 * Takes redeemed uses back: a new entry that names the use, and the slot free again unless the code says otherwise. A
 * code that its last use had deactivated is open again in the same moment; one that a person stopped stays stopped.
 */
@Injectable()
export class ReverseRedemptions {
  constructor(
    private readonly redemptions: RedemptionsStore,
    private readonly clock: Clock,
  ) {}

  /** Those that were redeemed until now. One that was reversed before is not among them. */
  execute(tx: Tx, reversals: readonly Reversal[]): Promise<ChangedRedemption[]> {
    const moves = reversals.map((reversal) => ({ ...reversal, to: 'reversed' as const }));
    return this.redemptions.changeStates(tx, moves, this.clock.now());
  }
}
