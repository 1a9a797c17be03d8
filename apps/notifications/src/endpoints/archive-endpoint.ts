import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { archiveWebhookEndpoint } from '#contracts/notifications/webhook-endpoints.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { DeliveriesStore } from '../deliveries/deliveries.store.js';
import { AlterEndpoints } from './alter-endpoints.js';
import { type EndpointView, withStatus } from './domain/endpoint.js';
import { EndpointsStore } from './endpoints.store.js';

/** Archives endpoints: what waits is cancelled, and their secrets sign nothing any more. */
@Injectable()
export class ArchiveEndpoint {
  constructor(
    private readonly altering: AlterEndpoints,
    private readonly endpoints: EndpointsStore,
    private readonly deliveries: DeliveriesStore,
  ) {}

  execute(batch: readonly Command<RequestOf<typeof archiveWebhookEndpoint>>[]): Promise<Reply<EndpointView>[]> {
    return this.altering.answer(batch, async (endpoint, _, now, tx) => {
      await this.deliveries.cancel(tx, endpoint.id);
      await this.endpoints.endSecrets(tx, endpoint.id, now);
      return withStatus(endpoint, 'archived', now);
    });
  }
}
