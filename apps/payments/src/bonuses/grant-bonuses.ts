import { Injectable } from '@nestjs/common';
import type { bonusEarned } from '#contracts/conversions.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { movementRecords } from '../ledger/movement-records.js';
import { assertAgreement, type Bonus, type BonusAgreement, bonusOf } from './bonus-events.js';

/** Credits bonuses that were earned to their persons. */
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

/**
 * Credits each bonus that is new to its person, and funds the person's receivables. A bonus that was reversed before
 * moves nothing. Takes the ledger's lock until the transaction ends.
 * @throws BrokenInvariant for a bonus that comes back with another person, amount or currency; nothing has moved
 * then.
 */
export async function grantBonuses(tx: Tx, bonuses: readonly Bonus[], at: Temporal.Instant): Promise<void> {
  const rows = await tx.query<BonusAgreement>(
    'select bonus_id, agrees from grant_bonuses(records(null::bonus_event, $1), $2)',
    [movementRecords(bonuses), at],
  );
  assertAgreement(rows);
}
