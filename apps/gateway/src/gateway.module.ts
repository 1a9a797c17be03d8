import { type DynamicModule, Module } from '@nestjs/common';
import { ProbesModule } from '#http/probes.module.js';
import { TokenVerifier } from '#identity/verify-token.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Broker } from '#messaging/connection/broker.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { ClassesController } from './classes/classes.http.js';
import { ClassesAdminController } from './classes/classes-admin.http.js';
import { ConversionsController } from './conversions/conversions.http.js';
import { OffersAdminController } from './conversions/offers-admin.http.js';
import { Admission } from './edge/admission.js';
import { Authentication } from './edge/authentication.js';
import { Idempotency } from './edge/idempotency.js';
import { NothingElse } from './edge/nothing-else.js';
import { Services } from './edge/services.js';
import { SharedStore } from './edge/shared-store.js';
import { SignedRequests } from './edge/signed-requests.js';
import { GatewaySettings } from './gateway.config.js';
import { OrderEventsController } from './orders/order-events.http.js';
import { OrderStreams } from './orders/order-streams.js';
import { OrdersController } from './orders/orders.http.js';
import { OrdersAdminController } from './orders/orders-admin.http.js';
import { LedgerController } from './payments/ledger.http.js';
import { PaymentsController } from './payments/payments.http.js';
import { AccountsController } from './persons/accounts.http.js';
import { PersonsController } from './persons/persons.http.js';
import { PromoAnalyticsController } from './promo-analytics/promo-analytics.http.js';
import { PromotionsOverviewController } from './promo-analytics/promotions-overview.http.js';
import { PublisherAnalyticsController } from './promo-analytics/publisher-analytics.http.js';
import { CodeAttempts } from './promo-codes/code-attempts.js';
import { CodeBatchesController } from './promo-codes/code-batches.http.js';
import { HeldCodesController } from './promo-codes/held-codes.http.js';
import { PromoCodesAdminController } from './promo-codes/promo-codes-admin.http.js';
import { PublisherCodesController } from './promo-codes/publisher-codes.http.js';
import { ValidatePromoCodesController } from './promo-codes/validate-promo-codes.http.js';
import { ParameterTypesController } from './rules/parameter-types.http.js';
import { SubscriptionRulesController } from './rules/subscription-rules.http.js';

@Module({})
export class GatewayModule {
  static with(settings: GatewaySettings): DynamicModule {
    const store = new SharedStore(settings.redisUrl);
    const clock = new SystemClock();
    return {
      module: GatewayModule,
      imports: [
        MessagingModule.forService({ service: 'gateway', amqpUrl: settings.amqpUrl }),
        ProbesModule.forService({
          inject: [Broker],
          indicators: (broker: Broker) => [
            { name: 'broker', check: () => broker.ping() },
            { name: 'redis', check: () => store.ping() },
          ],
        }),
      ],
      controllers: [
        PersonsController,
        AccountsController,
        ClassesController,
        OrdersController,
        OrderEventsController,
        ParameterTypesController,
        SubscriptionRulesController,
        ClassesAdminController,
        OrdersAdminController,
        PaymentsController,
        LedgerController,
        ValidatePromoCodesController,
        PromoCodesAdminController,
        CodeBatchesController,
        PublisherCodesController,
        HeldCodesController,
        ConversionsController,
        OffersAdminController,
        PromoAnalyticsController,
        PromotionsOverviewController,
        PublisherAnalyticsController,
      ],
      providers: [
        { provide: GatewaySettings, useValue: settings },
        { provide: SharedStore, useValue: store },
        { provide: Clock, useValue: clock },
        { provide: TokenVerifier, useValue: new TokenVerifier(settings.issuer, clock) },
        Authentication,
        Idempotency,
        Admission,
        SignedRequests,
        NothingElse,
        Services,
        CodeAttempts,
        OrderStreams,
      ],
    };
  }
}
