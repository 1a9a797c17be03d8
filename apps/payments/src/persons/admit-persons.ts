import { Injectable } from '@nestjs/common';
import type { personRegistered } from '#contracts/subscriptions/persons.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { fundByPayments } from '../receivables/funding/fund-by-payments.js';
import { allocatePayments } from '../suspense/allocate-payments.js';
import { type KnownPerson, projectPersons } from './project-persons.js';

/** Projects persons who registered, and allocates the payments in suspense that named them. */
@Injectable()
export class AdmitPersons {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof personRegistered>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'admit-persons', batch);
      if (fresh.length === 0) return;
      const persons = fresh.map((envelope) => ({ personId: envelope.data.person_id, cause: envelope }));
      await admitPersons(tx, persons, this.clock.now());
    });
  }
}

/**
 * Projects these persons. Payments that named them leave suspense and fund their receivables. Takes the ledger's
 * lock.
 */
export async function admitPersons(tx: Tx, persons: readonly KnownPerson[], at: Temporal.Instant): Promise<void> {
  await lockLedger(tx);
  const matches = await projectPersons(tx, persons, at);
  await fundByPayments(tx, await allocatePayments(tx, matches, at), at);
}
