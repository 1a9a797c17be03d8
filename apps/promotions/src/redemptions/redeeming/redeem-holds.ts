import { Injectable } from '@nestjs/common';
import type { orderClosed } from '#contracts/subscriptions/orders.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import type { Redemption } from '../domain/redemption.js';
import { RedemptionsStore } from '../redemptions.store.js';

/** Redeems the holds of closed orders. */
@Injectable()
export class RedeemHolds {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly redemptions: RedemptionsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws BrokenInvariant for a closed order whose hold was released or lapsed: see LapseHolds. */
  async execute(batch: readonly EnvelopeOf<typeof orderClosed>[]): Promise<void> {
    if (batch.length === 0) return;
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'redeem-holds', batch);
      const causes = new Map(fresh.map((envelope) => [envelope.data.order_id, envelope]));
      const orderIds = [...causes.keys()];
      const redemptions = await this.redemptions.ofOrders(tx, orderIds);
      const changes = redemptions
        .filter(({ state }) => state === 'held')
        .map(({ redemptionId, orderId }) => {
          const cause = causes.get(orderId as string);
          return { redemptionId, to: 'redeemed' as const, reason: null, revenueMinor: cause?.data.amount_minor, cause };
        });
      const changed = await this.redemptions.changeStates(tx, changes, this.clock.now());
      if (changed.length === redemptions.length) return;
      // Redeemed before, or a broken invariant.
      const ended = (await this.redemptions.ofOrders(tx, orderIds)).find(({ state }) => isReleased(state));
      assert(!ended, `order ${ended?.orderId} closed, but its hold of ${ended?.code} is ${ended?.state}`);
    });
  }
}

function isReleased(state: Redemption['state']): boolean {
  return state === 'released' || state === 'lapsed';
}
