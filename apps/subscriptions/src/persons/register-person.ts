import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import { personRegistered, type registerPerson } from '#contracts/subscriptions/persons.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { zip } from '#kernel/zip.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { answered, replyOf } from '#messaging/requests/replies.js';
import { Transactions } from '#persistence/transaction.js';
import { type NewPerson, taken } from './domain/person.js';
import { type PersonView, personView } from './person-view.js';
import { PersonsStore } from './persons.store.js';

/** Registers persons. Refuses PERSON_EXISTS, USERNAME_TAKEN, EMAIL_TAKEN. */
@Injectable()
export class RegisterPerson {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly persons: PersonsStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<RequestOf<typeof registerPerson>>[]): Promise<Reply<PersonView>[]> {
    const registeredAt = this.clock.now();
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const persons = fresh.map(
          ({
            data: {
              person_id: id = newId(),
              name,
              username,
              email,
              email_verified: emailVerified = false,
              issuer = null,
              subject = null,
            },
          }): NewPerson => ({
            id,
            name,
            username,
            email,
            emailVerified,
            version: 1,
            registeredAt,
            issuer,
            subject,
          }),
        );
        const found = await this.persons.add(tx, persons);
        const replies = zip(persons, found).map(([person, what]) => replyOf(what ? taken(what) : person, personView));
        const events = answered(fresh, replies).map(({ command, answer }) =>
          newEvent(personRegistered, { subject: answer.person_id, data: answer, cause: command }),
        );
        await this.outbox.add(tx, events);
        return replies;
      }),
    );
  }
}
