import { Injectable } from '@nestjs/common';
import type { bonusEarned } from '#contracts/promotions/conversions.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { postTransfers } from '../ledger/post-transfers.js';
import { projectPersons } from '../persons/project-persons.js';
import { fundByPayments } from '../receivables/funding/fund-by-payments.js';
import { allocatePayments } from '../suspense/allocate-payments.js';
import { bonusOf } from './bonus-events.js';
import { addGranted, knownBonuses } from './bonus-rows.js';
import type { Bonus } from './domain/bonus.js';
import { decideGrants } from './domain/decide-bonuses.js';

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
 * Credits each bonus that is new to its person, promotion expense → person, posted, and funds the person's
 * receivables. A bonus that was reversed before moves nothing. A bonus proves that its person exists. Takes the
 * ledger's lock until the transaction ends.
 * @throws BrokenInvariant for a bonus that comes back with another person, amount or currency; nothing has moved then.
 */
export async function grantBonuses(tx: Tx, bonuses: readonly Bonus[], at: Temporal.Instant): Promise<void> {
  await lockLedger(tx);
  const { granted, postings } = decideGrants(bonuses, await knownBonuses(tx, bonuses));
  if (granted.length === 0) return;
  await addGranted(tx, granted, at);
  await postTransfers(tx, postings, at);
  const allocated = await allocatePayments(tx, await projectPersons(tx, granted, at), at);
  const spending = granted.map(({ personId, currency, cause }) => ({ personId, currency, cause }));
  await fundByPayments(tx, allocated, at, spending);
}
