import { Injectable } from '@nestjs/common';
import { publicEvents } from '#contracts/catalogue.js';
import type { RequestOf } from '#contracts/contract.js';
import type { changeWebhookEndpoint } from '#contracts/notifications/webhook-endpoints.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { NotificationsSettings } from '../notifications.config.js';
import { AlterEndpoints } from './alter-endpoints.js';
import type { EndpointView } from './domain/endpoint.js';
import { eventTypesOf, targetOf } from './domain/endpoint-terms.js';

const publicTypes = new Set(publicEvents.map(({ type }) => type));

/** Changes endpoints. Members that the request leaves out stay. */
@Injectable()
export class ChangeEndpoint {
  constructor(
    private readonly endpoints: AlterEndpoints,
    private readonly settings: NotificationsSettings,
  ) {}

  execute(batch: readonly Command<RequestOf<typeof changeWebhookEndpoint>>[]): Promise<Reply<EndpointView>[]> {
    return this.endpoints.answer(batch, (endpoint, { version, url, description, event_types: eventTypes }) => {
      if (version !== endpoint.version) throw endpointChanged(endpoint.version);
      return {
        ...endpoint,
        url: url === undefined ? endpoint.url : targetOf(url, this.settings.allowedTargets),
        description: description ?? endpoint.description,
        eventTypes: eventTypes === undefined ? endpoint.eventTypes : eventTypesOf(eventTypes, publicTypes),
      };
    });
  }
}

function endpointChanged(newest: number): Refusal {
  return new Refusal('WEBHOOK_ENDPOINT_CHANGED', 'Somebody changed this endpoint meanwhile. Read it again.', {
    field: 'version',
    newest,
  });
}
