import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { Cause } from '#messaging/envelope.js';
import type { Tx } from '#persistence/transaction.js';
import { type ChangedRedemption, RedemptionsStore } from '../redemptions.store.js';

/** A redemption to be reversed. */
export interface Reversal {
  readonly redemptionId: string;
  /** The give-back rule of the code decides by it about the slot. */
  readonly reason: string;
  /** What its order paid, in minor units. */
  readonly revenueMinor: number;
  readonly cause: Cause | null;
}

/**
 * Reverses redemptions: enters a reversal into the journal, and frees the slot unless the code says otherwise. A code
 * that its last redemption deactivated is active again in the same statement; a code that was paused stays paused.
 */
@Injectable()
export class ReverseRedemptions {
  constructor(
    private readonly redemptions: RedemptionsStore,
    private readonly clock: Clock,
  ) {}

  /** The redemptions that are reversed now. One that was reversed before is not among them. */
  execute(tx: Tx, reversals: readonly Reversal[]): Promise<ChangedRedemption[]> {
    const changes = reversals.map((reversal) => ({ ...reversal, to: 'reversed' as const }));
    return this.redemptions.changeStates(tx, changes, this.clock.now());
  }
}
