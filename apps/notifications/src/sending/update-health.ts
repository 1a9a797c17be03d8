import { Injectable, Logger } from '@nestjs/common';
import { webhookEndpointDisabled } from '#contracts/notifications/webhook-endpoints.js';
import { type NewEvent, newEvent, Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import type { Endpoint } from '../endpoints/domain/endpoint.js';
import { afterAttempts } from '../endpoints/domain/endpoint-health.js';
import { EndpointsStore } from '../endpoints/endpoints.store.js';
import { NotificationsSettings } from '../notifications.config.js';
import type { Tried } from './claims.store.js';

/**
 * The health of endpoints after attempts: failures, pauses, and the end of one that fails too long, with the event
 * about it. A healthy endpoint that succeeds is not locked and not written.
 */
@Injectable()
export class UpdateHealth {
  private readonly logger = new Logger(UpdateHealth.name);

  constructor(
    private readonly endpoints: EndpointsStore,
    private readonly outbox: Outbox,
    private readonly settings: NotificationsSettings,
  ) {}

  async update(tx: Tx, tried: readonly Tried[], now: Temporal.Instant): Promise<void> {
    if (tried.length === 0) return;
    const byEndpoint = Map.groupBy(tried, ({ delivery }) => delivery.endpointId);
    const failed = tried.filter(({ outcome }) => !outcome.succeeded).map(({ delivery }) => delivery.endpointId);
    const locked = await this.endpoints.lockUnhealthy(tx, [...byEndpoint.keys()], failed);
    const changed = [...locked.values()].map((endpoint) => {
      const outcomes = (byEndpoint.get(endpoint.id) ?? []).map(({ outcome }) => outcome);
      return afterAttempts(endpoint, outcomes, this.settings.failureLimits, now);
    });
    await this.endpoints.save(tx, changed);
    const disabled = changed.filter(({ id, status }) => status === 'disabled' && locked.get(id)?.status !== status);
    for (const { id, statusReason } of disabled) {
      this.logger.warn({ endpoint_id: id, reason: statusReason }, 'a webhook endpoint was disabled');
    }
    await this.outbox.add(tx, disabled.map(disabledEvent));
  }
}

function disabledEvent(endpoint: Endpoint): NewEvent {
  return newEvent(webhookEndpointDisabled, {
    subject: endpoint.id,
    data: {
      endpoint_id: endpoint.id,
      url: endpoint.url,
      reason: endpoint.statusReason ?? 'failing',
      failures: endpoint.failures,
      failing_since: endpoint.failingSince?.toString() ?? null,
      disabled_at: endpoint.statusChangedAt.toString(),
    },
  });
}
