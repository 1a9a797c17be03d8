import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listWebhookEventTypes } from '#contracts/notifications/webhook-endpoints.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';

/** The events that webhook endpoints can get. */
@ApiTags('Admin: webhooks')
@Controller('admin/webhook-event-types')
export class WebhookEventTypesController {
  constructor(private readonly services: Services) {}

  @Get()
  @Endpoint({
    summary: 'List the types of events for webhooks',
    requests: listWebhookEventTypes,
    roles: ['admin', 'ops'],
  })
  listWebhookEventTypes() {
    return this.services.request(listWebhookEventTypes, {});
  }
}
