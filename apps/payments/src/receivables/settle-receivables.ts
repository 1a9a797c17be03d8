import { Injectable } from '@nestjs/common';
import type { orderClosed } from '#contracts/orders.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { settleReceivables } from '../ledger/movements/settle-receivables.js';
import { orderEventOf } from './order-events.js';

/** Orders were closed: the classes get the money that was reserved for them. */
@Injectable()
export class SettleReceivables {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof orderClosed>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'settle-receivables', batch);
      if (fresh.length === 0) return;
      await settleReceivables(
        tx,
        fresh.map((envelope) => orderEventOf(envelope)),
        this.clock.now(),
      );
    });
  }
}
