import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  changePerson,
  findPersonOfSubject,
  findPersons,
  getPerson,
  registerPerson,
  searchPersons,
} from '#contracts/subscriptions/persons.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { mapPage } from '#persistence/paging.js';
import { ChangePerson } from './change-person.js';
import { personNotFound } from './domain/person.js';
import { personView } from './person-view.js';
import { PersonsStore } from './persons.store.js';
import { RegisterPerson } from './register-person.js';

@Controller()
export class PersonsConsumer {
  constructor(
    private readonly registering: RegisterPerson,
    private readonly changing: ChangePerson,
    private readonly persons: PersonsStore,
  ) {}

  @MessagePattern<string>(registerPerson.type)
  registerPerson(
    @Payload(batchOf(registerPerson)) batch: CommandOf<typeof registerPerson>[],
  ): Promise<ReplyOf<typeof registerPerson>[]> {
    return this.registering.execute(batch);
  }

  @MessagePattern<string>(changePerson.type)
  changePerson(
    @Payload(batchOf(changePerson)) batch: CommandOf<typeof changePerson>[],
  ): Promise<ReplyOf<typeof changePerson>[]> {
    return this.changing.execute(batch);
  }

  @MessagePattern<string>(searchPersons.type)
  searchPersons(
    @Payload(batchOf(searchPersons)) batch: QueryOf<typeof searchPersons>[],
  ): Promise<ReplyOf<typeof searchPersons>[]> {
    return answerEach(batch, async ({ data: { search, ...paging } }) =>
      mapPage(await this.persons.search(search, paging), personView),
    );
  }

  @MessagePattern<string>(getPerson.type)
  getPerson(@Payload(batchOf(getPerson)) batch: QueryOf<typeof getPerson>[]): Promise<ReplyOf<typeof getPerson>[]> {
    return answerEach(batch, async ({ data: { person_id: id } }) => {
      const person = await this.persons.find(id);
      if (!person) throw personNotFound();
      return personView(person);
    });
  }

  @MessagePattern<string>(findPersonOfSubject.type)
  findPersonOfSubject(
    @Payload(batchOf(findPersonOfSubject)) batch: QueryOf<typeof findPersonOfSubject>[],
  ): Promise<ReplyOf<typeof findPersonOfSubject>[]> {
    return answerEach(batch, async ({ data: { issuer, subject } }) => ({
      person_id: await this.persons.idOfSubject(issuer, subject),
    }));
  }

  @MessagePattern<string>(findPersons.type)
  findPersons(
    @Payload(batchOf(findPersons)) batch: QueryOf<typeof findPersons>[],
  ): Promise<ReplyOf<typeof findPersons>[]> {
    return answerEach(batch, async ({ data: { person_ids: ids } }) => {
      const persons = await this.persons.findAll(ids);
      return { persons: persons.map(personView) };
    });
  }
}
