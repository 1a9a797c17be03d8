import type { Feature } from '#jobs/feature.js';
import { AdmitPersons } from './admit-persons.js';
import { PersonsConsumer } from './persons.consumer.js';

export const persons: Feature = {
  controllers: [PersonsConsumer],
  providers: [AdmitPersons],
};
