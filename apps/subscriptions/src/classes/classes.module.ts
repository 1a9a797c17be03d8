import { Module } from '@nestjs/common';
import { ParameterTypesModule } from '../parameter-types/parameter-types.module.js';
import { RulesModule } from '../rules/rules.module.js';
import { ChangeClass } from './change-class.js';
import { ClassRules } from './class-rules.js';
import { ClassesConsumer } from './classes.consumer.js';
import { ClassesStore } from './classes.store.js';
import { CreateClass } from './create-class.js';
import { ReadClasses } from './read-classes.js';

/** Classes: publishing, changing, quoting, and their seats. */
@Module({
  imports: [ParameterTypesModule, RulesModule],
  controllers: [ClassesConsumer],
  providers: [ClassesStore, ClassRules, CreateClass, ChangeClass, ReadClasses],
  exports: [ClassesStore],
})
export class ClassesModule {}
