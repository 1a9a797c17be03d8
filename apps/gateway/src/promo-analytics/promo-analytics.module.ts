import { Module } from '@nestjs/common';
import { PromoAnalyticsController } from './promo-analytics.http.js';
import { PromotionsOverviewController } from './promotions-overview.http.js';
import { PublisherAnalyticsController } from './publisher-analytics.http.js';

@Module({ controllers: [PromoAnalyticsController, PromotionsOverviewController, PublisherAnalyticsController] })
export class PromoAnalyticsModule {}
