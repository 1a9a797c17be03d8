import type { Feature } from '#jobs/feature.js';
import { ParameterTypesConsumer } from './parameter-types.consumer.js';
import { ParameterTypesStore } from './parameter-types.store.js';
import { SaveParameterType } from './save-parameter-type.js';

export const parameterTypes: Feature = {
  controllers: [ParameterTypesConsumer],
  providers: [ParameterTypesStore, SaveParameterType],
};
