import { Injectable } from '@nestjs/common';
import type { bonusReversed } from '#contracts/promotions/conversions.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { postTransfers } from '../ledger/post-transfers.js';
import { readPersonBalances } from '../ledger/read-balances.js';
import { bonusOf } from './bonus-events.js';
import { addVoided, keepReversed, knownBonuses } from './bonus-rows.js';
import type { BonusReversal } from './domain/bonus.js';
import { decideReversals } from './domain/decide-bonuses.js';

/** Takes bonuses back whose conversions were reversed; what the persons have spent becomes their debt. */
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

/**
 * Takes each bonus that was not reversed before from what its person can spend: never from what is reserved for an
 * order, and never below zero. The rest is owed, and the person's next money repays it before it funds an order. A
 * reversal that comes before its bonus keeps the bonus from moving anything later. Takes the ledger's lock until the
 * transaction ends.
 * @throws BrokenInvariant for a bonus that comes back with another person, amount or currency; nothing has moved
 * then.
 */
export async function reverseBonuses(tx: Tx, reversals: readonly BonusReversal[], at: Temporal.Instant): Promise<void> {
  await lockLedger(tx);
  const known = await knownBonuses(tx, reversals);
  const { voided, reversed, postings } = decideReversals(reversals, known, await readPersonBalances(tx, known), newId);
  await addVoided(tx, voided, at);
  await keepReversed(tx, reversed, at);
  await postTransfers(tx, postings, at);
}
