import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { Cause } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { RedemptionsStore } from '../redemptions.store.js';

/** An order that will not close. Its holds are released; redemptions stay as they are. */
export interface Release {
  readonly orderId: string;
  readonly reason: string;
  readonly cause: Cause;
}

/** Releases the holds of orders that were refused, cancelled or expired. A repeat changes nothing. */
@Injectable()
export class ReleaseHolds {
  constructor(
    private readonly transactions: Transactions,
    private readonly redemptions: RedemptionsStore,
    private readonly clock: Clock,
  ) {}

  /** The number of released holds of each order, in order. */
  async execute(releases: readonly Release[]): Promise<number[]> {
    if (releases.length === 0) return [];
    return this.transactions.run(async (tx) => {
      const redemptions = await this.redemptions.ofOrders(
        tx,
        releases.map(({ orderId }) => orderId),
      );
      const byOrder = Map.groupBy(redemptions, ({ orderId }) => orderId);
      const changes = releases.flatMap(({ orderId, reason, cause }) =>
        (byOrder.get(orderId) ?? [])
          .filter(({ state }) => state === 'held')
          .map(({ redemptionId }) => ({ redemptionId, to: 'released' as const, reason, cause })),
      );
      const released = Map.groupBy(
        await this.redemptions.changeStates(tx, changes, this.clock.now()),
        ({ position }) => changes[position]?.cause,
      );
      return releases.map(({ cause }) => released.get(cause)?.length ?? 0);
    });
  }
}
