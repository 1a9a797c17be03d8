import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ReceiveWebhook } from './receive-webhook.js';

const noBody = Buffer.alloc(0);

/** Receives the notifications of providers. The body is bytes until its signature has been verified. */
@ApiTags('Webhooks')
@Controller('webhooks')
export class WebhooksHttp {
  constructor(private readonly receiveWebhook: ReceiveWebhook) {}

  @Post(':provider')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Receive a notification of a payment provider',
    description:
      'The signature covers the raw body. 200 means that the notification is durable: applied, a duplicate, stored, or ' +
      'quarantined. Any other answer allows a repeat.',
  })
  @ApiParam({ name: 'provider', enum: ['standard', 'stripe'] })
  @ApiBody({ schema: { type: 'object' } })
  @ApiOkResponse({
    description: 'The notification is durable.',
    schema: {
      type: 'object',
      required: ['received', 'verdict'],
      properties: {
        received: { type: 'boolean', enum: [true] },
        verdict: { type: 'string', enum: ['applied', 'duplicate', 'quarantined', 'stored'] },
        reason: { type: 'string', description: 'The reason of the quarantine.' },
      },
    },
  })
  @ApiResponse({ status: 401, description: 'The signature is missing, wrong, stale or of the future.' })
  @ApiResponse({ status: 404, description: 'Unknown provider.' })
  @ApiResponse({ status: 413, description: 'The body is larger than 64 KiB.' })
  @ApiResponse({ status: 503, description: 'The notification was not stored; send it again after Retry-After.' })
  async receiveNotification(@Param('provider') provider: string, @Req() request: FastifyRequest) {
    const body = Buffer.isBuffer(request.body) ? request.body : noBody;
    const { verdict, reason } = await this.receiveWebhook.execute(provider, { headers: request.headers, body });
    return reason ? { received: true, verdict, reason } : { received: true, verdict };
  }
}
