import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import { type changePerson as contract, personChanged } from '#contracts/subscriptions/persons.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { changePerson, type Person, personNotFound, taken } from './domain/person.js';
import { type PersonView, personView } from './person-view.js';
import { PersonsStore } from './persons.store.js';

type Request = Command<RequestOf<typeof contract>>;

/** Changes persons under the locks of their rows. Refuses PERSON_NOT_FOUND, USERNAME_TAKEN, EMAIL_TAKEN. */
@Injectable()
export class ChangePerson {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly persons: PersonsStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Request[]): Promise<Reply<PersonView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const ids = fresh.map(({ data }) => data.person_id);
        const locked = await this.persons.lockRows(tx, ids);
        return sequentially(fresh, (command) => this.change(tx, locked, command));
      }),
    );
  }

  /** The changed person replaces the locked one, so that a later command of the batch changes it further. */
  private async change(tx: Tx, locked: Map<string, Person>, command: Request): Promise<PersonView> {
    const { person_id: id, changed_by: by, email_verified: emailVerified = false, ...properties } = command.data;
    const before = locked.get(id);
    if (!before) throw personNotFound();
    const after = changePerson(before, { ...properties, emailVerified });
    if (after === before) return personView(before);
    const what = await this.persons.save(tx, after);
    if (what) throw taken(what);
    locked.set(id, after);
    const data = { ...personView(after), changed_at: this.clock.now().toString(), changed_by: by };
    await this.outbox.add(tx, [newEvent(personChanged, { subject: id, data, cause: command })]);
    return personView(after);
  }
}
