import { Module } from '@nestjs/common';
import { SubscriptionsStore } from './subscriptions.store.js';

/** The rows of subscriptions. Orders begin and renew them; renewals open their periods. */
@Module({ providers: [SubscriptionsStore], exports: [SubscriptionsStore] })
export class SubscriptionRowsModule {}
