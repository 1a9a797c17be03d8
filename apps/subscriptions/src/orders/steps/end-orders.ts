import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import { type CancelledOrder, type ExpiredOrder, renews } from '../domain/order.js';
import type { Changed } from '../order-events.js';
import { EndRenewals } from './end-renewals.js';
import { StoreEnds } from './store-ends.js';

/** Stores orders that were cancelled or expired, frees their seats and publishes their ends. */
@Injectable()
export class EndOrders {
  constructor(
    private readonly endRenewals: EndRenewals,
    private readonly storeEnds: StoreEnds,
  ) {}

  async apply(tx: Tx, ended: readonly Changed<CancelledOrder | ExpiredOrder>[]): Promise<void> {
    if (ended.length === 0) return;
    const renewals = ended.filter(({ order }) => renews(order));
    const { orders, subscriptions } = await this.endRenewals.apply(tx, renewals);
    await this.storeEnds.apply(tx, { orders: [...ended, ...orders], subscriptions });
  }
}
