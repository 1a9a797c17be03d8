import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { webhookDeliveriesQuery } from '#contracts/http.js';
import {
  getWebhookDelivery,
  listWebhookDeliveries,
  replayWebhookDelivery,
  replayWebhookEvents,
  replayWebhookEventsBody,
} from '#contracts/notifications/webhook-deliveries.js';
import { id } from '#contracts/wire.js';
import { Command } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

/** The log of a webhook endpoint, and what is delivered once more. */
@ApiTags('Admin: webhooks')
@Controller('admin/webhook-endpoints/:id')
export class WebhookDeliveriesController {
  constructor(private readonly services: Services) {}

  @Get('deliveries')
  @Endpoint({
    summary: 'List the deliveries of a webhook endpoint',
    requests: listWebhookDeliveries,
    roles: ['admin', 'ops'],
  })
  listWebhookDeliveries(
    @Param('id', { schema: id }) endpointId: string,
    @Query({ schema: webhookDeliveriesQuery }) query: z.output<typeof webhookDeliveriesQuery>,
  ) {
    return this.services.request(listWebhookDeliveries, { ...query, endpoint_id: endpointId });
  }

  @Get('deliveries/:delivery_id')
  @Endpoint({
    summary: 'Get a delivery with its payload and its attempts',
    requests: getWebhookDelivery,
    roles: ['admin', 'ops'],
  })
  getWebhookDelivery(
    @Param('id', { schema: id }) endpointId: string,
    @Param('delivery_id', { schema: id }) deliveryId: string,
  ) {
    return this.services.request(getWebhookDelivery, { endpoint_id: endpointId, delivery_id: deliveryId });
  }

  @Post('deliveries/:delivery_id/replay')
  @Endpoint({
    summary: 'Deliver an event once more',
    requests: replayWebhookDelivery,
    roles: ['admin'],
    key: 'optional',
  })
  replayWebhookDelivery(
    @Param('id', { schema: id }) endpointId: string,
    @Param('delivery_id', { schema: id }) deliveryId: string,
    @Command() command: RequestCommand,
  ) {
    const request = { endpoint_id: endpointId, delivery_id: deliveryId };
    return this.services.request(replayWebhookDelivery, request, command);
  }

  @Post('replay')
  @Endpoint({
    summary: 'Deliver the events of a time range once more',
    requests: replayWebhookEvents,
    roles: ['admin'],
    key: 'optional',
  })
  replayWebhookEvents(
    @Param('id', { schema: id }) endpointId: string,
    @Body({ schema: replayWebhookEventsBody }) body: z.output<typeof replayWebhookEventsBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(replayWebhookEvents, { ...body, endpoint_id: endpointId }, command);
  }
}
