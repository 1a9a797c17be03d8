import { Module } from '@nestjs/common';
import { ParameterTypesController } from './parameter-types.http.js';
import { SubscriptionRulesController } from './subscription-rules.http.js';

@Module({ controllers: [ParameterTypesController, SubscriptionRulesController] })
export class RulesModule {}
