import { Module } from '@nestjs/common';
import { ClassesModule } from '../classes/classes.module.js';
import { PersonsModule } from '../persons/persons.module.js';
import { EnrolmentsConsumer } from './enrolments.consumer.js';
import { EnrolmentsStore } from './enrolments.store.js';

/** Enrolments: the students group of each class. */
@Module({
  imports: [ClassesModule, PersonsModule],
  controllers: [EnrolmentsConsumer],
  providers: [EnrolmentsStore],
  exports: [EnrolmentsStore],
})
export class EnrolmentsModule {}
