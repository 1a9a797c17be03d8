import { Injectable } from '@nestjs/common';
import type { orderClosed } from '#contracts/orders.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import type { Redemption } from '../domain/redemption.js';
import { RedemptionsStore } from '../redemptions.store.js';

/** Orders closed: what was held for them is redeemed. */
@Injectable()
export class RedeemHolds {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly redemptions: RedemptionsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws BrokenInvariant for an order whose hold was given back although the order exists: see LapseUses. */
  async execute(batch: readonly EnvelopeOf<typeof orderClosed>[]): Promise<void> {
    if (batch.length === 0) return;
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'redeem-holds', batch);
      const causes = new Map(fresh.map((envelope) => [envelope.data.order_id, envelope]));
      const orderIds = [...causes.keys()];
      const uses = await this.redemptions.ofOrders(tx, orderIds);
      const moves = uses
        .filter(({ state }) => state === 'held')
        .map(({ redemptionId, orderId }) => {
          const cause = causes.get(orderId as string);
          return { redemptionId, to: 'redeemed' as const, reason: null, revenueMinor: cause?.data.amount_minor, cause };
        });
      const moved = await this.redemptions.changeStates(tx, moves, this.clock.now());
      if (moved.length === uses.length) return;
      // Redeemed before, or something that cannot be.
      const ended = (await this.redemptions.ofOrders(tx, orderIds)).find(({ state }) => isGivenBack(state));
      assert(!ended, `order ${ended?.orderId} closed, but its use of ${ended?.code} is ${ended?.state}`);
    });
  }
}

function isGivenBack(state: Redemption['state']): boolean {
  return state === 'released' || state === 'lapsed';
}
