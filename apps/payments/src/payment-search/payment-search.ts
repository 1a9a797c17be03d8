import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';
import { PaymentsStore } from '../payments/payments.store.js';

/** The most orders of one reference. */
const ordersMax = 200;

/** Finds payments by what people have of them. */
@Injectable()
export class PaymentSearch {
  constructor(
    private readonly transactions: Transactions,
    private readonly payments: PaymentsStore,
  ) {}

  /** The orders that the payments with this reference name or have funded. */
  async ordersOf(reference: string): Promise<string[]> {
    const found = await this.payments.withReference(this.transactions, reference);
    const ids = found.flatMap(({ order_id: named, funded_orders: funded }) => [
      ...(named === null ? [] : [named]),
      ...funded.map(({ order_id: id }) => id),
    ]);
    return [...new Set(ids)].slice(0, ordersMax);
  }
}
