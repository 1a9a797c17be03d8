import { Injectable } from '@nestjs/common';
import type { personRegistered } from '#contracts/persons.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { admitPersons } from '../receivables/project-orders.js';

/** Persons were registered: they can own money, and what waited for them in suspense is theirs. */
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
