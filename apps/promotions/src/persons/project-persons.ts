import { Injectable } from '@nestjs/common';
import type { personChanged, personRegistered } from '#contracts/subscriptions/persons.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { PersonsStore } from './persons.store.js';

/** Projects persons, in any order of their events: reports show their names, and conversions may name them. */
@Injectable()
export class ProjectPersons {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly persons: PersonsStore,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof personRegistered | typeof personChanged>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'project-persons', batch);
      if (fresh.length === 0) return;
      const persons = fresh.map(({ data: { person_id: id, name, username, email, version } }) => ({
        id,
        name,
        username,
        email,
        version,
      }));
      await this.persons.project(tx, persons);
    });
  }
}
