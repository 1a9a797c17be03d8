import { Injectable } from '@nestjs/common';
import type { orderClosed } from '#contracts/subscriptions/orders.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { PersonsStore } from './persons.store.js';

/**
 * Projects closed orders: their persons may no longer use codes for new persons. A repeated event changes nothing, so
 * no inbox stores it.
 */
@Injectable()
export class ProjectClosedOrders {
  constructor(
    private readonly transactions: Transactions,
    private readonly persons: PersonsStore,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof orderClosed>[]): Promise<void> {
    await this.persons.projectClosedOrders(
      this.transactions,
      batch.map(({ data }) => data.person_id),
    );
  }
}
