import { Injectable } from '@nestjs/common';
import type { orderCancelled, orderExpired, orderReleased } from '#contracts/orders.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { withdrawReceivables } from '../ledger/movements/withdraw-receivables.js';
import { orderEventOf } from './order-events.js';

type Withdrawal =
  | EnvelopeOf<typeof orderCancelled>
  | EnvelopeOf<typeof orderExpired>
  | EnvelopeOf<typeof orderReleased>;

/** Orders will not close: nothing is owed for them, and what was reserved is the person's to spend again. */
@Injectable()
export class WithdrawReceivables {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly Withdrawal[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'withdraw-receivables', batch);
      if (fresh.length === 0) return;
      await withdrawReceivables(
        tx,
        fresh.map((envelope) => orderEventOf(envelope, reasonOf(envelope))),
        this.clock.now(),
      );
    });
  }
}

function reasonOf({ data }: Withdrawal): string {
  return 'reason' in data ? data.reason : `was ${data.state} when its money came`;
}
