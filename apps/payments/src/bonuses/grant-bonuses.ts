import { Injectable } from '@nestjs/common';
import type { bonusEarned } from '#contracts/conversions.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { grantBonuses } from '../ledger/movements/grant-bonuses.js';
import { bonusOf } from './bonus-events.js';

/** Bonuses were earned: they stand on their persons' accounts, and pay what those owe. */
@Injectable()
export class GrantBonuses {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof bonusEarned>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'grant-bonuses', batch);
      if (fresh.length === 0) return;
      await grantBonuses(tx, fresh.map(bonusOf), this.clock.now());
    });
  }
}
