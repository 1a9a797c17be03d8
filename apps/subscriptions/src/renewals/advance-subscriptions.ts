import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { advance } from './domain/advance.js';
import { openRenewal } from './domain/open-renewal.js';
import { ClaimDue } from './steps/claim-due.js';
import { StoreAdvances } from './steps/store-advances.js';

/** Subscriptions that are advanced in one transaction. */
const advancedMax = 500;

/**
 * Does what is due for subscriptions, in sets: opens the orders of later periods, reminds, suspends, and ends what is
 * over. The claim of a subscription and the order of its period commit together, and its period has one order by a
 * unique index. So it happens once, for any number of instances and after any crash.
 */
@Injectable()
export class AdvanceSubscriptions {
  constructor(
    private readonly transactions: Transactions,
    private readonly claimDue: ClaimDue,
    private readonly storeAdvances: StoreAdvances,
    private readonly clock: Clock,
  ) {}

  /** Advances one set of due subscriptions, the longest overdue first, by one instant each; returns how many. */
  execute(): Promise<number> {
    return this.transactions.run(async (tx) => {
      const now = this.clock.now();
      const claimed = await this.claimDue.apply(tx, now, advancedMax);
      const advanced = claimed.map(({ terms, ...work }) => {
        return advance(work, (subscription) => openRenewal(subscription, terms(), now), now);
      });
      await this.storeAdvances.apply(tx, advanced, now);
      return advanced.length;
    });
  }
}
