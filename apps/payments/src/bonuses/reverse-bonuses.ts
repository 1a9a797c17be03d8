import { Injectable } from '@nestjs/common';
import type { bonusReversed } from '#contracts/conversions.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { reverseBonuses } from '../ledger/movements/reverse-bonuses.js';
import { bonusOf } from './bonus-events.js';

/** Conversions were undone: what their bonuses gave is taken back, as far as it is still there. */
@Injectable()
export class ReverseBonuses {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof bonusReversed>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'reverse-bonuses', batch);
      if (fresh.length === 0) return;
      const reversals = fresh.map((envelope) => ({ ...bonusOf(envelope), reason: envelope.data.reason }));
      await reverseBonuses(tx, reversals, this.clock.now());
    });
  }
}
