import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { pauseWebhookEndpoint } from '#contracts/notifications/webhook-endpoints.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { AlterEndpoints } from './alter-endpoints.js';
import { active, type EndpointView, withStatus } from './domain/endpoint.js';

/** Pauses endpoints. Their events are stored as deliveries that wait. */
@Injectable()
export class PauseEndpoint {
  constructor(private readonly endpoints: AlterEndpoints) {}

  execute(batch: readonly Command<RequestOf<typeof pauseWebhookEndpoint>>[]): Promise<Reply<EndpointView>[]> {
    return this.endpoints.answer(batch, (endpoint, _, now) =>
      endpoint.status === 'paused' ? endpoint : withStatus(active(endpoint), 'paused', now),
    );
  }
}
