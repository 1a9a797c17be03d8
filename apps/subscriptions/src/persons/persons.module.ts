import { Module } from '@nestjs/common';
import { PersonsConsumer } from './persons.consumer.js';
import { PersonsStore } from './persons.store.js';
import { RegisterPerson } from './register-person.js';

/** Persons: registering and reading. */
@Module({
  controllers: [PersonsConsumer],
  providers: [PersonsStore, RegisterPerson],
  exports: [PersonsStore],
})
export class PersonsModule {}
