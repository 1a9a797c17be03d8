import { Module } from '@nestjs/common';
import { ChangeParameterType } from './change-parameter-type.js';
import { InstallBuiltInTypes } from './install-built-in-types.js';
import { ParameterTypesConsumer } from './parameter-types.consumer.js';
import { ParameterTypesStore } from './parameter-types.store.js';
import { SaveParameterType } from './save-parameter-type.js';

/** Parameter types: saving, presenting, reading, and the checks that their schemas compile to. */
@Module({
  controllers: [ParameterTypesConsumer],
  providers: [ParameterTypesStore, SaveParameterType, ChangeParameterType, InstallBuiltInTypes],
  exports: [ParameterTypesStore],
})
export class ParameterTypesModule {}
