import { Module } from '@nestjs/common';
import { ParameterTypesModule } from '../parameter-types/parameter-types.module.js';
import { PersonsModule } from '../persons/persons.module.js';
import { RulesModule } from '../rules/rules.module.js';
import { ChangeClass } from './change-class.js';
import { ClassesConsumer } from './classes.consumer.js';
import { ClassesStore } from './classes.store.js';
import { CreateClass } from './create-class.js';
import { QuoteDiscountedClass } from './quote-discounted-class.js';
import { ReadClasses } from './read-classes.js';
import { ClassCatalogue } from './steps/class-catalogue.js';

/** Classes: publishing, changing, quoting, and their seats. */
@Module({
  imports: [ParameterTypesModule, PersonsModule, RulesModule],
  controllers: [ClassesConsumer],
  providers: [ClassesStore, ClassCatalogue, CreateClass, ChangeClass, ReadClasses, QuoteDiscountedClass],
  exports: [ClassesStore],
})
export class ClassesModule {}
