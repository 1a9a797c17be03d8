import { orderId, personId } from './ids.js';

const endpointId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a00e1';
const eventId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a00e2';
const occurredAt = '2026-03-02T09:00:00Z';
const type = 'subscriptions.order-closed.v1';

const endpoint = {
  endpoint_id: endpointId,
  url: 'https://crm.example.org/hooks/matricula',
  description: 'The school’s CRM',
  event_types: ['subscriptions.order-closed.v1', 'subscriptions.order-opened.v1'],
  status: 'active',
  status_reason: null,
  status_changed_at: '2026-03-01T08:00:00Z',
  failures: 0,
  failing_since: null,
  next_attempt_at: null,
  secrets: [{ created_at: '2026-03-01T08:00:00Z', expires_at: null }],
  version: 1,
  created_at: '2026-03-01T08:00:00Z',
  changed_at: '2026-03-01T08:00:00Z',
};

const delivery = {
  delivery_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a00e3',
  endpoint_id: endpointId,
  event_id: eventId,
  event_type: type,
  subject: orderId,
  occurred_at: occurredAt,
  state: 'delivered',
  attempts: 1,
  replays: 0,
  next_attempt_at: null,
  delivered_at: '2026-03-02T09:00:01Z',
  last_status: 204,
  last_error: null,
  created_at: occurredAt,
};

const attempt = {
  number: 1,
  at: '2026-03-02T09:00:01Z',
  duration_ms: 84,
  status: 204,
  error: null,
  detail: null,
  answer: '',
};

/** One example of each named shape of webhooks, by the name of its schema. */
export const webhooksExamples = {
  CreateWebhookEndpoint: { url: endpoint.url, description: endpoint.description, event_types: endpoint.event_types },
  ChangeWebhookEndpoint: { version: 1, description: 'The CRM' },
  RotateWebhookSecret: { overlap_hours: 24 },
  WebhookEndpoint: endpoint,
  WebhookEndpointSecret: { endpoint, secret: 'whsec_bm90IGEgc2VjcmV0LCBvbmx5IGFuIGV4YW1wbGU=' },
  WebhookEventTypes: { items: [{ type, about: 'The person joined the class.' }] },
  WebhookDelivery: delivery,
  WebhookAttempt: attempt,
  WebhookDeliveryDetail: {
    ...delivery,
    payload: JSON.stringify({
      id: eventId,
      type,
      timestamp: occurredAt,
      subject: orderId,
      data: { order_id: orderId, person_id: personId },
    }),
    log: [attempt],
  },
  ReplayWebhookEvents: { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', only: 'missed' },
  ReplayedWebhookEvents: { endpoint_id: endpointId, replayed: 12 },
};
