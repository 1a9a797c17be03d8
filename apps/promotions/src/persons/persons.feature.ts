import type { Feature } from '#jobs/feature.js';
import { FindPersons } from './find-persons.js';
import { LearnPersons } from './learn-persons.js';
import { NoteClosedOrders } from './note-closed-orders.js';
import { PersonsConsumer } from './persons.consumer.js';
import { PersonsStore } from './persons.store.js';

export const persons: Feature = {
  controllers: [PersonsConsumer],
  providers: [PersonsStore, FindPersons, LearnPersons, NoteClosedOrders],
};
