import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';
import { UsesStore } from './uses.store.js';

/**
 * Orders exist: what is held for them ends with them, and no longer by itself. Saying it twice, or late, changes
 * nothing.
 */
@Injectable()
export class PinUses {
  constructor(
    private readonly transactions: Transactions,
    private readonly uses: UsesStore,
  ) {}

  async execute(orderIds: readonly string[]): Promise<void> {
    if (orderIds.length > 0) await this.uses.pin(this.transactions, orderIds);
  }
}
