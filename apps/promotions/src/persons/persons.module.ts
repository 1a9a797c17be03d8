import { Module } from '@nestjs/common';
import { FindPersons } from './find-persons.js';
import { PersonsConsumer } from './persons.consumer.js';
import { PersonsStore } from './persons.store.js';
import { ProjectClosedOrders } from './project-closed-orders.js';
import { ProjectPersons } from './project-persons.js';

/** The projection of registered persons. */
@Module({
  controllers: [PersonsConsumer],
  providers: [PersonsStore, FindPersons, ProjectPersons, ProjectClosedOrders],
  exports: [FindPersons, ProjectClosedOrders],
})
export class PersonsModule {}
