import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { webhookEndpointsQuery } from '#contracts/http.js';
import {
  archiveWebhookEndpoint,
  changeWebhookEndpoint,
  changeWebhookEndpointBody,
  createWebhookEndpoint,
  createWebhookEndpointBody,
  getWebhookEndpoint,
  listWebhookEndpoints,
  pauseWebhookEndpoint,
  pingWebhookEndpoint,
  resumeWebhookEndpoint,
  rotateWebhookSecret,
  rotateWebhookSecretBody,
} from '#contracts/notifications/webhook-endpoints.js';
import { id } from '#contracts/wire.js';
import { Command, created } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

/** Where outside systems get events. */
@ApiTags('Admin: webhooks')
@Controller('admin/webhook-endpoints')
export class WebhookEndpointsController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Create a webhook endpoint',
    requests: createWebhookEndpoint,
    roles: ['admin'],
    key: 'optional',
    status: 201,
    location: '/api/admin/webhook-endpoints/{endpoint.endpoint_id}',
  })
  async createWebhookEndpoint(
    @Body({ schema: createWebhookEndpointBody }) body: z.output<typeof createWebhookEndpointBody>,
    @Command() command: RequestCommand,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const made = await this.services.request(createWebhookEndpoint, body, command);
    return created(reply, `/api/admin/webhook-endpoints/${made.endpoint.endpoint_id}`, made);
  }

  @Get()
  @Endpoint({ summary: 'List webhook endpoints', requests: listWebhookEndpoints, roles: ['admin', 'ops'] })
  listWebhookEndpoints(@Query({ schema: webhookEndpointsQuery }) query: z.output<typeof webhookEndpointsQuery>) {
    return this.services.request(listWebhookEndpoints, query);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a webhook endpoint', requests: getWebhookEndpoint, roles: ['admin', 'ops'] })
  getWebhookEndpoint(@Param('id', { schema: id }) endpointId: string) {
    return this.services.request(getWebhookEndpoint, { endpoint_id: endpointId });
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a webhook endpoint',
    requests: changeWebhookEndpoint,
    roles: ['admin'],
    key: 'optional',
  })
  changeWebhookEndpoint(
    @Param('id', { schema: id }) endpointId: string,
    @Body({ schema: changeWebhookEndpointBody }) body: z.output<typeof changeWebhookEndpointBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(changeWebhookEndpoint, { ...body, endpoint_id: endpointId }, command);
  }

  @Post(':id/pause')
  @Endpoint({ summary: 'Pause a webhook endpoint', requests: pauseWebhookEndpoint, roles: ['admin'], key: 'optional' })
  pauseWebhookEndpoint(@Param('id', { schema: id }) endpointId: string, @Command() command: RequestCommand) {
    return this.services.request(pauseWebhookEndpoint, { endpoint_id: endpointId }, command);
  }

  @Post(':id/resume')
  @Endpoint({
    summary: 'Resume a webhook endpoint',
    requests: resumeWebhookEndpoint,
    roles: ['admin'],
    key: 'optional',
  })
  resumeWebhookEndpoint(@Param('id', { schema: id }) endpointId: string, @Command() command: RequestCommand) {
    return this.services.request(resumeWebhookEndpoint, { endpoint_id: endpointId }, command);
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Archive a webhook endpoint',
    requests: archiveWebhookEndpoint,
    roles: ['admin'],
    key: 'optional',
  })
  archiveWebhookEndpoint(@Param('id', { schema: id }) endpointId: string, @Command() command: RequestCommand) {
    return this.services.request(archiveWebhookEndpoint, { endpoint_id: endpointId }, command);
  }

  @Post(':id/ping')
  @Endpoint({
    summary: 'Send a test event to a webhook endpoint',
    requests: pingWebhookEndpoint,
    roles: ['admin'],
    key: 'optional',
  })
  pingWebhookEndpoint(@Param('id', { schema: id }) endpointId: string, @Command() command: RequestCommand) {
    return this.services.request(pingWebhookEndpoint, { endpoint_id: endpointId }, command);
  }

  @Post(':id/rotate-secret')
  @Endpoint({
    summary: 'Make a new secret of a webhook endpoint',
    requests: rotateWebhookSecret,
    roles: ['admin'],
    key: 'optional',
  })
  rotateWebhookSecret(
    @Param('id', { schema: id }) endpointId: string,
    @Body({ schema: rotateWebhookSecretBody }) body: z.output<typeof rotateWebhookSecretBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(rotateWebhookSecret, { ...body, endpoint_id: endpointId }, command);
  }
}
