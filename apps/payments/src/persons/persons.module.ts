import { Module } from '@nestjs/common';
import { AdmitPersons } from './admit-persons.js';
import { PersonsConsumer } from './persons.consumer.js';

/** The projection of persons. */
@Module({
  controllers: [PersonsConsumer],
  providers: [AdmitPersons],
})
export class PersonsModule {}
