import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { AnswerOnEndpoint } from './answer-on-endpoint.js';
import { DeliveriesConsumer } from './deliveries.consumer.js';
import { PingEndpoint } from './ping-endpoint.js';
import { ReadDeliveries } from './read-deliveries.js';
import { ReplayDelivery } from './replay-delivery.js';
import { ReplayEvents } from './replay-events.js';

/** The log of deliveries, test events and replays. */
@Module({
  imports: [EndpointsModule, DeliveriesModule],
  controllers: [DeliveriesConsumer],
  providers: [AnswerOnEndpoint, ReadDeliveries, PingEndpoint, ReplayDelivery, ReplayEvents],
})
export class LogModule {}
