import type { Feature } from '#jobs/feature.js';
import { EnrolmentsConsumer } from './enrolments.consumer.js';
import { EnrolmentsStore } from './enrolments.store.js';

export const enrolments: Feature = {
  controllers: [EnrolmentsConsumer],
  providers: [EnrolmentsStore],
};
