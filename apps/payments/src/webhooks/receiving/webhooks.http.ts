import { Readable } from 'node:stream';
import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientNetworkOf } from '#http/client-address.js';
import { Refusal } from '#kernel/refusal.js';
import { ReceiveWebhook } from './receive-webhook.js';

/** The window in which refused requests of an address are counted. */
const windowSeconds = 60;

/** Receives the notifications of providers. Nothing of the body is parsed before its signature is verified. */
@ApiTags('Webhooks')
@Controller('webhooks')
export class WebhooksHttp {
  constructor(private readonly receiveWebhook: ReceiveWebhook) {}

  @Post(':provider')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Receive a notification of a payment provider',
    description:
      'The signature covers the raw body. 200 means that the notification is durable: applied, waiting for its payment, a ' +
      'duplicate, stored, or quarantined. Any other answer allows a repeat.',
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
        verdict: { type: 'string', enum: ['applied', 'waiting', 'duplicate', 'quarantined', 'stored'] },
        reason: { type: 'string', description: 'The reason of the quarantine.' },
      },
    },
  })
  @ApiResponse({ status: 405, description: 'Another method than POST.' })
  @ApiResponse({ status: 401, description: 'The signature is missing, wrong, stale or of the future.' })
  @ApiResponse({ status: 404, description: 'Unknown provider.' })
  @ApiResponse({ status: 413, description: 'The body is larger than 64 KiB.' })
  @ApiResponse({ status: 503, description: 'The notification was not stored; send it again after Retry-After.' })
  @ApiResponse({ status: 429, description: 'Too many refused requests of this address; see Retry-After.' })
  async receiveNotification(
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { headers, body, ip } = request;
    try {
      const { verdict, reason } = await this.receiveWebhook.execute(provider, {
        headers,
        body: body instanceof Readable ? body : Readable.from([]),
        address: clientNetworkOf({ ip }),
      });
      return reason ? { received: true, verdict, reason } : { received: true, verdict };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'RATE_LIMITED') reply.header('retry-after', windowSeconds);
      throw error;
    }
  }
}
