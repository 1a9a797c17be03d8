import type { Feature } from '../feature.js';
import { LearnPersons } from './learn-persons.js';
import { NoteClosedOrders } from './note-closed-orders.js';
import { PersonsConsumer } from './persons.consumer.js';
import { PersonsStore } from './persons.store.js';

export const persons: Feature = {
  controllers: [PersonsConsumer],
  providers: [PersonsStore, LearnPersons, NoteClosedOrders],
  jobs: [],
  schedules: () => [],
};
