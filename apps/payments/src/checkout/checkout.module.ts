import { Module } from '@nestjs/common';
import { BeginCheckout } from './begin-checkout.js';
import { CheckoutConsumer } from './checkout.consumer.js';
import { CheckoutsStore } from './checkouts.store.js';
import { OrderPages } from './order-pages.js';
import { StripeCheckout } from './stripe-checkout.js';

/** Payment pages of a provider for what orders lack. */
@Module({
  controllers: [CheckoutConsumer],
  providers: [CheckoutsStore, StripeCheckout, OrderPages, BeginCheckout],
})
export class CheckoutModule {}
