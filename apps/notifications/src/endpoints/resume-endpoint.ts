import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { resumeWebhookEndpoint } from '#contracts/notifications/webhook-endpoints.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { DeliveriesStore } from '../deliveries/deliveries.store.js';
import { AlterEndpoints } from './alter-endpoints.js';
import { type EndpointView, withStatus } from './domain/endpoint.js';

/** Resumes paused and disabled endpoints. What waits for them is due at once, and is tried for three days from now. */
@Injectable()
export class ResumeEndpoint {
  constructor(
    private readonly endpoints: AlterEndpoints,
    private readonly deliveries: DeliveriesStore,
  ) {}

  execute(batch: readonly Command<RequestOf<typeof resumeWebhookEndpoint>>[]): Promise<Reply<EndpointView>[]> {
    return this.endpoints.answer(batch, async (endpoint, _, now, tx) => {
      if (endpoint.status !== 'active') await this.deliveries.restart(tx, endpoint.id, now);
      return withStatus(endpoint, 'active', now);
    });
  }
}
