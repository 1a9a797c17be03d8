import { Module } from '@nestjs/common';
import { CodeDecisionsController } from './code-decisions.http.js';
import { DecisionReceiptsController } from './decision-receipts.http.js';
import { PersonReceiptsController } from './person-receipts.http.js';

@Module({ controllers: [CodeDecisionsController, DecisionReceiptsController, PersonReceiptsController] })
export class PromoDecisionsModule {}
