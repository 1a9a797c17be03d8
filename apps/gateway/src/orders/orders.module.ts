import { Module } from '@nestjs/common';
import { PromoCodesModule } from '../promo-codes/promo-codes.module.js';
import { OrderEventsController } from './order-events.http.js';
import { OrderStreams } from './order-streams.js';
import { OrdersController } from './orders.http.js';
import { OrdersAdminController } from './orders-admin.http.js';

/** Orders with promo codes count against the limits of guessing, which promo codes exports. */
@Module({
  imports: [PromoCodesModule],
  controllers: [OrdersController, OrderEventsController, OrdersAdminController],
  providers: [OrderStreams],
})
export class OrdersModule {}
