import { Module } from '@nestjs/common';
import { ParameterTypesController } from './parameter-types.http.js';
import { SubscriptionMethodsController } from './subscription-methods.http.js';
import { SubscriptionRulesController } from './subscription-rules.http.js';

@Module({ controllers: [ParameterTypesController, SubscriptionMethodsController, SubscriptionRulesController] })
export class RulesModule {}
