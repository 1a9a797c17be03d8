import { Injectable } from '@nestjs/common';
import type { orderOpened } from '#contracts/orders.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { openReceivables } from '../ledger/movements/open-receivables.js';
import { orderEventOf } from './order-events.js';

/** Orders were opened: what they cost is owed, and reserved at once where the money is there. */
@Injectable()
export class OpenReceivables {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof orderOpened>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'open-receivables', batch);
      if (fresh.length === 0) return;
      await openReceivables(
        tx,
        fresh.map((envelope) => orderEventOf(envelope)),
        this.clock.now(),
      );
    });
  }
}
