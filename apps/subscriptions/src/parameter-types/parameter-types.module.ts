import { Module } from '@nestjs/common';
import { ParameterTypesConsumer } from './parameter-types.consumer.js';
import { ParameterTypesStore } from './parameter-types.store.js';
import { SaveParameterType } from './save-parameter-type.js';

/** Parameter types: saving, listing, and the checks that their schemas compile to. */
@Module({
  controllers: [ParameterTypesConsumer],
  providers: [ParameterTypesStore, SaveParameterType],
  exports: [ParameterTypesStore],
})
export class ParameterTypesModule {}
