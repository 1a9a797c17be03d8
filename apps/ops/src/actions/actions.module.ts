import { Module } from '@nestjs/common';
import { ActionsStore } from './actions.store.js';

/** The record of the operators' actions. */
@Module({ providers: [ActionsStore], exports: [ActionsStore] })
export class ActionsModule {}
