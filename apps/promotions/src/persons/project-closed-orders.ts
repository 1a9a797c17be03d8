import { Injectable } from '@nestjs/common';
import type { orderClosed } from '#contracts/orders.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { PersonsStore } from './persons.store.js';

/**
 * Orders closed: whose they are is not new any more, for codes that are for new persons only. Saying it twice changes
 * nothing, so no inbox has to remember it.
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
