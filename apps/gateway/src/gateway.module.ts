import { type DynamicModule, Module } from '@nestjs/common';
import { ActionsModule } from './actions/actions.module.js';
import { ClassesModule } from './classes/classes.module.js';
import { ConversionsModule } from './conversions/conversions.module.js';
import { EdgeModule } from './edge/edge.module.js';
import type { GatewaySettings } from './gateway.config.js';
import { OrdersModule } from './orders/orders.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { PersonsModule } from './persons/persons.module.js';
import { PromoAnalyticsModule } from './promo-analytics/promo-analytics.module.js';
import { PromoCodesModule } from './promo-codes/promo-codes.module.js';
import { PromoDecisionsModule } from './promo-decisions/promo-decisions.module.js';
import { RulesModule } from './rules/rules.module.js';
import { SubscriptionsModule } from './subscriptions/subscriptions.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The modules that have routes, in the order of the API documents. */
export const featureModules = [
  PersonsModule,
  ClassesModule,
  RulesModule,
  OrdersModule,
  SubscriptionsModule,
  PaymentsModule,
  PromoCodesModule,
  ConversionsModule,
  PromoAnalyticsModule,
  PromoDecisionsModule,
  WebhooksModule,
  ActionsModule,
];

@Module({})
export class GatewayModule {
  static with(settings: GatewaySettings): DynamicModule {
    return { module: GatewayModule, imports: [EdgeModule.with(settings), ...featureModules] };
  }
}
