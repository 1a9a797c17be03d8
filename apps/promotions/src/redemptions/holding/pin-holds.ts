import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';
import { RedemptionsStore } from '../redemptions.store.js';

/**
 * Orders exist: what is held for them ends with them, and no longer by itself. Saying it twice, or late, changes
 * nothing.
 */
@Injectable()
export class PinHolds {
  constructor(
    private readonly transactions: Transactions,
    private readonly redemptions: RedemptionsStore,
  ) {}

  async execute(orderIds: readonly string[]): Promise<void> {
    if (orderIds.length > 0) await this.redemptions.pin(this.transactions, orderIds);
  }
}
