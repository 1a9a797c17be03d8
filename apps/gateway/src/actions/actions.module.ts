import { Module } from '@nestjs/common';
import { ActionsController } from './actions.http.js';

@Module({ controllers: [ActionsController] })
export class ActionsModule {}
