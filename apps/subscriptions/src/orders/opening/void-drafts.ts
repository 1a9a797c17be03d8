import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';
import { OrdersStore } from '../orders.store.js';
import { OrderDraftsStore } from './order-drafts.store.js';

/**
 * Says which of the given orders exist, and sees to it that the others never will: an order that is being opened with
 * promo codes at this moment is waited for, and one that is not yet finds its draft gone.
 */
@Injectable()
export class VoidDrafts {
  constructor(
    private readonly transactions: Transactions,
    private readonly drafts: OrderDraftsStore,
    private readonly orders: OrdersStore,
  ) {}

  execute(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.transactions.run(async (tx) => {
      await this.drafts.take(tx, ids);
      return this.orders.existing(tx, ids);
    });
  }
}
