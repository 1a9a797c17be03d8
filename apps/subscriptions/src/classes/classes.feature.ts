import type { Feature } from '#jobs/feature.js';
import { ChangeClass } from './change-class.js';
import { ClassRules } from './class-rules.js';
import { ClassesConsumer } from './classes.consumer.js';
import { ClassesStore } from './classes.store.js';
import { CreateClass } from './create-class.js';
import { ReadClasses } from './read-classes.js';

export const classes: Feature = {
  controllers: [ClassesConsumer],
  providers: [ClassesStore, ClassRules, CreateClass, ChangeClass, ReadClasses],
};
