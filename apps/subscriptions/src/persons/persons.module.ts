import { Module } from '@nestjs/common';
import { ChangePerson } from './change-person.js';
import { PersonsConsumer } from './persons.consumer.js';
import { PersonsStore } from './persons.store.js';
import { RegisterPerson } from './register-person.js';

/** Persons: registering, changing, finding and reading. */
@Module({
  controllers: [PersonsConsumer],
  providers: [PersonsStore, RegisterPerson, ChangePerson],
  exports: [PersonsStore],
})
export class PersonsModule {}
