import { Module } from '@nestjs/common';
import { WebhookDeliveriesController } from './webhook-deliveries.http.js';
import { WebhookEndpointsController } from './webhook-endpoints.http.js';
import { WebhookEventTypesController } from './webhook-event-types.http.js';

@Module({ controllers: [WebhookEndpointsController, WebhookDeliveriesController, WebhookEventTypesController] })
export class WebhooksModule {}
