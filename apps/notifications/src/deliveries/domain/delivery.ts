import type { ResponseOf } from '#contracts/contract.js';
import type { getWebhookDelivery, replayWebhookDelivery } from '#contracts/notifications/webhook-deliveries.js';
import { Refusal } from '#kernel/refusal.js';

/** The states of a delivery; see `webhookDeliveryState` of the contracts. */
export const deliveryStates = ['pending', 'delivered', 'failed', 'cancelled'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export type DeliveryView = ResponseOf<typeof replayWebhookDelivery>;
export type DeliveryDetail = ResponseOf<typeof getWebhookDelivery>;
export type AttemptError = NonNullable<DeliveryView['last_error']>;

/** An event for an endpoint. */
export interface Delivery {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly occurredAt: Temporal.Instant;
  readonly state: DeliveryState;
  readonly dueAt: Temporal.Instant;
  readonly attempts: number;
  readonly replays: number;
  readonly deliveredAt: Temporal.Instant | null;
  readonly lastStatus: number | null;
  readonly lastError: AttemptError | null;
  readonly createdAt: Temporal.Instant;
}

/** A delivery on the wire. */
export function deliveryView(delivery: Delivery): DeliveryView {
  return {
    delivery_id: delivery.id,
    endpoint_id: delivery.endpointId,
    event_id: delivery.eventId,
    event_type: delivery.type,
    subject: delivery.subject,
    occurred_at: delivery.occurredAt.toString(),
    state: delivery.state,
    attempts: delivery.attempts,
    replays: delivery.replays,
    next_attempt_at: delivery.state === 'pending' ? delivery.dueAt.toString() : null,
    delivered_at: delivery.deliveredAt?.toString() ?? null,
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    created_at: delivery.createdAt.toString(),
  };
}

/** WEBHOOK_DELIVERY_NOT_FOUND */
export function deliveryNotFound(): Refusal {
  return new Refusal('WEBHOOK_DELIVERY_NOT_FOUND', 'This delivery does not exist, or its time in the log is over.', {
    field: 'delivery_id',
  });
}
