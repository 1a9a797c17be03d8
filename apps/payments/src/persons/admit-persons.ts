import { Injectable } from '@nestjs/common';
import type { personRegistered } from '#contracts/persons.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { type Sql, Transactions } from '#persistence/transaction.js';
import type { MovementCause } from '../ledger/cause.js';
import { movementRecords } from '../ledger/movement-records.js';

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
export async function admitPersons(
  tx: Sql,
  persons: readonly { readonly personId: string; readonly cause: MovementCause }[],
  at: Temporal.Instant,
): Promise<void> {
  await tx.query('select admit_persons(records(null::known_person, $1), $2)', [movementRecords(persons), at]);
}
