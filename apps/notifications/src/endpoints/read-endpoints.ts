import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listWebhookEndpoints } from '#contracts/notifications/webhook-endpoints.js';
import { Clock } from '#kernel/clock.js';
import { mapPage } from '#persistence/paging.js';
import { type EndpointView, endpointNotFound, endpointView } from './domain/endpoint.js';
import { EndpointsStore } from './endpoints.store.js';

/** Reads endpoints, archived ones too. */
@Injectable()
export class ReadEndpoints {
  constructor(
    private readonly endpoints: EndpointsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND */
  async one(id: string): Promise<EndpointView> {
    const [found, secrets] = await Promise.all([
      this.endpoints.find([id]),
      this.endpoints.secrets([id], this.clock.now()),
    ]);
    const endpoint = found.get(id);
    if (!endpoint) throw endpointNotFound();
    return endpointView(endpoint, secrets);
  }

  async list({
    status,
    ...paging
  }: RequestOf<typeof listWebhookEndpoints>): Promise<ResponseOf<typeof listWebhookEndpoints>> {
    const page = await this.endpoints.list(status, paging);
    const ids = page.items.map(({ id }) => id);
    const secrets = await this.endpoints.secrets(ids, this.clock.now());
    const ofEndpoint = Map.groupBy(secrets, ({ endpointId }) => endpointId);
    return mapPage(page, (endpoint) => endpointView(endpoint, ofEndpoint.get(endpoint.id) ?? []));
  }
}
