import { Module } from '@nestjs/common';
import { SubscriptionsController } from './subscriptions.http.js';

/** Subscriptions: what closed orders began, period by period. */
@Module({ controllers: [SubscriptionsController] })
export class SubscriptionsModule {}
