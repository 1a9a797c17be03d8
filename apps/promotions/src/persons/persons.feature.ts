import type { Feature } from '#jobs/feature.js';
import { FindPersons } from './find-persons.js';
import { PersonsConsumer } from './persons.consumer.js';
import { PersonsStore } from './persons.store.js';
import { ProjectClosedOrders } from './project-closed-orders.js';
import { ProjectPersons } from './project-persons.js';

export const persons: Feature = {
  controllers: [PersonsConsumer],
  providers: [PersonsStore, FindPersons, ProjectPersons, ProjectClosedOrders],
};
