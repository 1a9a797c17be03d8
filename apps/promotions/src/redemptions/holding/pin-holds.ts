import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';
import { RedemptionsStore } from '../redemptions.store.js';

/** Pins the holds of opened orders: they end with their order and no longer lapse. A repeat changes nothing. */
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
