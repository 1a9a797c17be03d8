import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { Cause } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { RedemptionsStore } from '../redemptions.store.js';

/** An order that will not close: what is held for it is free again. What is not held any more stays as it is. */
export interface Release {
  readonly orderId: string;
  readonly reason: string;
  readonly cause: Cause;
}

/** Gives back what is held for orders, when they were refused, cancelled or expired. Doing it twice changes nothing. */
@Injectable()
export class ReleaseHolds {
  constructor(
    private readonly transactions: Transactions,
    private readonly redemptions: RedemptionsStore,
    private readonly clock: Clock,
  ) {}

  /** How many uses each gave back, in order. */
  async execute(releases: readonly Release[]): Promise<number[]> {
    if (releases.length === 0) return [];
    return this.transactions.run(async (tx) => {
      const uses = await this.redemptions.ofOrders(
        tx,
        releases.map(({ orderId }) => orderId),
      );
      const byOrder = Map.groupBy(uses, ({ orderId }) => orderId);
      const moves = releases.flatMap(({ orderId, reason, cause }) =>
        (byOrder.get(orderId) ?? [])
          .filter(({ state }) => state === 'held')
          .map(({ redemptionId }) => ({ redemptionId, to: 'released' as const, reason, cause })),
      );
      const released = Map.groupBy(
        await this.redemptions.changeStates(tx, moves, this.clock.now()),
        ({ position }) => moves[position]?.cause,
      );
      return releases.map(({ cause }) => released.get(cause)?.length ?? 0);
    });
  }
}
