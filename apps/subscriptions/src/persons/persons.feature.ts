import type { Feature } from '#jobs/feature.js';
import { PersonsConsumer } from './persons.consumer.js';
import { PersonsStore } from './persons.store.js';
import { RegisterPerson } from './register-person.js';

export const persons: Feature = {
  controllers: [PersonsConsumer],
  providers: [PersonsStore, RegisterPerson],
};
