import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';
import { OrdersStore } from '../orders.store.js';
import { OrderDraftsStore } from './order-drafts.store.js';

/**
 * Voids the drafts of the given orders and returns the ids of the orders that exist; the others will never exist.
 * It waits for a transaction that is opening one of the orders. An opening that starts later finds no draft.
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
