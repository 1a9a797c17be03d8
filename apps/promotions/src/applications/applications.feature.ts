import type { Feature } from '#jobs/feature.js';
import { ApplicationsConsumer } from './applications.consumer.js';
import { ApplicationsStore } from './applications.store.js';
import { ApplyCodes } from './apply-codes.js';
import { ReadHeldCodes } from './read-held-codes.js';

export const applications: Feature = {
  controllers: [ApplicationsConsumer],
  providers: [ApplicationsStore, ApplyCodes, ReadHeldCodes],
};
