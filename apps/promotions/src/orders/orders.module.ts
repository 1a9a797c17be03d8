import { Module } from '@nestjs/common';
import { ConversionsModule } from '../conversions/conversions.module.js';
import { PersonsModule } from '../persons/persons.module.js';
import { RedemptionsModule } from '../redemptions/redemptions.module.js';
import { OrdersConsumer } from './orders.consumer.js';

/** Events of orders: each feature that an order concerns handles them. */
@Module({
  imports: [RedemptionsModule, ConversionsModule, PersonsModule],
  controllers: [OrdersConsumer],
})
export class OrdersModule {}
