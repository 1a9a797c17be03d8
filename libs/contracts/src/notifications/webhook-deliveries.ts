import { z } from 'zod';
import { command, query } from '../contract.js';
import { id, idKey, instant, pageOf, paging, storableText } from '../wire.js';

/** `pending` is or will be tried, `delivered` was answered 2xx, `failed` was given up, `cancelled` has no endpoint. */
export const webhookDeliveryState = z.enum(['pending', 'delivered', 'failed', 'cancelled']);

/** Why an attempt failed, apart from the answer's status. */
export const attemptError = z.enum([
  'status',
  'redirect',
  'timeout',
  'connection',
  'name-not-resolved',
  'address-not-allowed',
  'tls',
]);

export const webhookDelivery = z
  .object({
    delivery_id: id,
    endpoint_id: id,
    event_id: id.describe('The `webhook-id` of every attempt.'),
    event_type: z.string(),
    subject: z.string().describe('What the event is about. Deliveries of one subject keep their order.'),
    occurred_at: instant,
    state: webhookDeliveryState,
    attempts: z.int().min(0),
    replays: z.int().min(0).describe('How often people had it delivered again.'),
    next_attempt_at: instant.nullable().describe('When a pending delivery is tried next, at the earliest.'),
    delivered_at: instant.nullable(),
    last_status: z.int().nullable().describe('The HTTP status of the last attempt, if it was answered.'),
    last_error: attemptError.nullable(),
    created_at: instant,
  })
  .meta({ id: 'WebhookDelivery' });

export const webhookAttempt = z
  .object({
    number: z.int().min(1),
    at: instant,
    duration_ms: z.int().min(0),
    status: z.int().nullable(),
    error: attemptError.nullable().describe('Null after a success.'),
    detail: z.string().nullable().describe('What the client of the network says of the error.'),
    answer: z.string().nullable().describe('The beginning of the answer’s body.'),
  })
  .meta({ id: 'WebhookAttempt' });

export const webhookDeliveryDetail = webhookDelivery
  .extend({
    payload: z.string().describe('The body that is posted, byte for byte.'),
    log: z.array(webhookAttempt).describe('The attempts, newest first; the newest 50.'),
  })
  .meta({ id: 'WebhookDeliveryDetail' });

const notFound = ['WEBHOOK_ENDPOINT_NOT_FOUND', 'WEBHOOK_DELIVERY_NOT_FOUND'];
const one = z.object({ endpoint_id: id, delivery_id: id });

export const webhookDeliveriesFilter = {
  state: webhookDeliveryState.optional(),
  event_type: storableText(100).optional(),
  subject: storableText(200).optional().describe('The id of what the events are about.'),
  from: instant.optional().describe('Deliveries made at or after this instant.'),
  to: instant.optional().describe('Deliveries made before this instant.'),
};

export const listWebhookDeliveries = query({
  type: 'notifications.list-webhook-deliveries.v1',
  service: 'notifications',
  about: 'Lists the deliveries of a webhook endpoint, newest first.',
  refusals: ['WEBHOOK_ENDPOINT_NOT_FOUND'],
  request: z.object({ endpoint_id: id, ...webhookDeliveriesFilter, ...paging(idKey) }),
  response: pageOf(webhookDelivery),
});

export const getWebhookDelivery = query({
  type: 'notifications.get-webhook-delivery.v1',
  service: 'notifications',
  about: 'Returns a delivery with its payload and its attempts.',
  refusals: notFound,
  request: one,
  response: webhookDeliveryDetail,
});

export const replayWebhookDelivery = command({
  type: 'notifications.replay-webhook-delivery.v1',
  service: 'notifications',
  subject: 'endpoint_id',
  about: 'Delivers an event once more, with the same `webhook-id`. It is tried for three days again.',
  refusals: [...notFound, 'WEBHOOK_DELIVERY_PENDING', 'WEBHOOK_ENDPOINT_NOT_ACTIVE'],
  request: one,
  response: webhookDelivery,
});

export const replayWebhookEventsBody = z
  .strictObject({
    from: instant.describe('Events that occurred at or after this instant.'),
    to: instant.describe('Events that occurred before this instant.'),
    only: z
      .enum(['missed', 'all'])
      .default('missed')
      .describe('`missed`: what failed or was never tried. `all`: what was delivered, too.'),
  })
  .meta({ id: 'ReplayWebhookEvents' });

export const replayedWebhookEvents = z
  .object({ endpoint_id: id, replayed: z.int().min(0) })
  .meta({ id: 'ReplayedWebhookEvents' });

export const replayWebhookEvents = command({
  type: 'notifications.replay-webhook-events.v1',
  service: 'notifications',
  subject: 'endpoint_id',
  about: 'Delivers the events of a time range to an endpoint again: at most 10,000, as long as events are kept.',
  refusals: ['WEBHOOK_ENDPOINT_NOT_FOUND', 'WEBHOOK_ENDPOINT_NOT_ACTIVE', 'DATES_REVERSED', 'WEBHOOK_REPLAY_TOO_LARGE'],
  request: replayWebhookEventsBody.extend({ endpoint_id: id }),
  response: replayedWebhookEvents,
});
