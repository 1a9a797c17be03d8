import { z } from 'zod';
import { command, event, query } from '../contract.js';
import { id, instant, optionalText, pageOf, paging, storableText, versionMax } from '../wire.js';
import { webhookDelivery } from './webhook-deliveries.js';

const url = storableText(2_000)
  .min(1)
  .describe(
    'Where events are posted: an https URL of a public server, without user, password and fragment. It must answer 2xx ' +
      'within 15 seconds; redirects are failures.',
  );
const description = optionalText(500).describe('What the endpoint is for.');
const eventType = storableText(100).min(1).describe('A type of `GET /api/admin/webhook-event-types`.');
const eventTypes = z.array(eventType).min(1).max(100).describe('The types of the events that the endpoint gets.');

/** `active` gets events. `paused` keeps them until it is resumed. `disabled` gets no new ones. `archived` is over. */
export const webhookEndpointStatus = z.enum(['active', 'paused', 'disabled', 'archived']);

const statusReason = z
  .enum(['gone', 'failing'])
  .nullable()
  .describe('Why it is disabled: it answered 410, or it failed for too long or too often. Otherwise null.');

const health = {
  failures: z.int().min(0).describe('Failed attempts since the last success.'),
  failing_since: instant.nullable().describe('The first of these failures.'),
  next_attempt_at: instant.nullable().describe('Not before this instant is the endpoint tried again.'),
};

export const webhookEndpoint = z
  .object({
    endpoint_id: id,
    url: z.string(),
    description: z.string(),
    event_types: z.array(z.string()),
    status: webhookEndpointStatus,
    status_reason: statusReason,
    status_changed_at: instant,
    ...health,
    secrets: z
      .array(z.object({ created_at: instant, expires_at: instant.nullable().describe('Null: it is the newest.') }))
      .describe('The secrets that sign now, the newest first. A secret itself is shown once, when it is made.'),
    version: z.int().min(1),
    created_at: instant,
    changed_at: instant,
  })
  .meta({ id: 'WebhookEndpoint' });

export const webhookEndpointSecret = z
  .object({
    endpoint: webhookEndpoint,
    secret: z
      .string()
      .nullable()
      .describe(
        'The secret of Standard Webhooks (`whsec_…`), shown once: null in the answer to a repeat after an hour.',
      ),
  })
  .meta({ id: 'WebhookEndpointSecret' });

export const createWebhookEndpointBody = z
  .strictObject({ url, description: description.default(''), event_types: eventTypes })
  .meta({ id: 'CreateWebhookEndpoint' });

export const changeWebhookEndpointBody = z
  .strictObject({
    version: z.int().min(1).max(versionMax).describe('The version that was read: a change since then is a 409.'),
    url: url.optional(),
    description: description.optional(),
    event_types: eventTypes.optional(),
  })
  .meta({ id: 'ChangeWebhookEndpoint' });

export const rotateWebhookSecretBody = z
  .strictObject({
    overlap_hours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .describe('How long the secrets before sign too, so that the receiver can change over.'),
  })
  .meta({ id: 'RotateWebhookSecret' });

const one = z.object({ endpoint_id: id });
const notFound = 'WEBHOOK_ENDPOINT_NOT_FOUND';
const termsRefusals = ['WEBHOOK_URL_REFUSED', 'WEBHOOK_EVENT_TYPE_UNKNOWN'];

export const createWebhookEndpoint = command({
  type: 'notifications.create-webhook-endpoint.v1',
  service: 'notifications',
  subject: 'endpoint.endpoint_id',
  about: 'Creates a webhook endpoint, which gets the chosen events from now on, and shows its secret.',
  refusals: [...termsRefusals, 'TOO_MANY_WEBHOOK_ENDPOINTS'],
  request: createWebhookEndpointBody,
  response: webhookEndpointSecret,
});

export const changeWebhookEndpoint = command({
  type: 'notifications.change-webhook-endpoint.v1',
  service: 'notifications',
  subject: 'endpoint_id',
  about: 'Changes a webhook endpoint. Members that are left out stay.',
  refusals: [notFound, 'WEBHOOK_ENDPOINT_CHANGED', ...termsRefusals],
  request: changeWebhookEndpointBody.extend({ endpoint_id: id }),
  response: webhookEndpoint,
});

export const pauseWebhookEndpoint = command({
  type: 'notifications.pause-webhook-endpoint.v1',
  service: 'notifications',
  subject: 'endpoint_id',
  about: 'Pauses a webhook endpoint: its events wait until it is resumed.',
  refusals: [notFound, 'WEBHOOK_ENDPOINT_NOT_ACTIVE'],
  request: one,
  response: webhookEndpoint,
});

export const resumeWebhookEndpoint = command({
  type: 'notifications.resume-webhook-endpoint.v1',
  service: 'notifications',
  subject: 'endpoint_id',
  about:
    'Resumes a paused or disabled webhook endpoint. Waiting deliveries are tried for three days more. What a disabled ' +
    'endpoint missed can be replayed.',
  refusals: [notFound],
  request: one,
  response: webhookEndpoint,
});

export const archiveWebhookEndpoint = command({
  type: 'notifications.archive-webhook-endpoint.v1',
  service: 'notifications',
  subject: 'endpoint_id',
  about: 'Archives a webhook endpoint for ever. Its waiting deliveries are cancelled; its log stays for its time.',
  refusals: [notFound],
  request: one,
  response: webhookEndpoint,
});

export const rotateWebhookSecret = command({
  type: 'notifications.rotate-webhook-secret.v1',
  service: 'notifications',
  subject: 'endpoint_id',
  about: 'Makes a new secret of a webhook endpoint, and shows it. During the overlap the secrets before sign too.',
  refusals: [notFound, 'TOO_MANY_WEBHOOK_SECRETS'],
  request: rotateWebhookSecretBody.extend({ endpoint_id: id }),
  response: webhookEndpointSecret,
});

export const pingWebhookEndpoint = command({
  type: 'notifications.ping-webhook-endpoint.v1',
  service: 'notifications',
  subject: 'endpoint_id',
  about: 'Sends an event `notifications.ping.v1` to an active webhook endpoint. The delivery says what came of it.',
  refusals: [notFound, 'WEBHOOK_ENDPOINT_NOT_ACTIVE'],
  request: one,
  response: webhookDelivery,
});

export const getWebhookEndpoint = query({
  type: 'notifications.get-webhook-endpoint.v1',
  service: 'notifications',
  about: 'Returns a webhook endpoint.',
  refusals: [notFound],
  request: one,
  response: webhookEndpoint,
});

export const webhookEndpointsFilter = { status: webhookEndpointStatus.optional() };

export const listWebhookEndpoints = query({
  type: 'notifications.list-webhook-endpoints.v1',
  service: 'notifications',
  about: 'Lists webhook endpoints, newest first.',
  request: z.object({ ...webhookEndpointsFilter, ...paging(z.tuple([instant, id])) }),
  response: pageOf(webhookEndpoint),
});

export const webhookEventTypes = z
  .object({ items: z.array(z.object({ type: z.string(), about: z.string() })) })
  .meta({ id: 'WebhookEventTypes' });

export const listWebhookEventTypes = query({
  type: 'notifications.list-webhook-event-types.v1',
  service: 'notifications',
  about: 'Lists the types of events that webhook endpoints can get. `docs/asyncapi.json` has the schema of their data.',
  request: z.object({}),
  response: webhookEventTypes,
});

export const webhookEndpointDisabled = event({
  type: 'notifications.webhook-endpoint-disabled.v1',
  producer: 'notifications',
  consumers: [],
  about: 'A webhook endpoint answered 410, or it failed for too long or too often: it gets no new events.',
  data: z.object({
    endpoint_id: id,
    url: z.string(),
    reason: z.enum(['gone', 'failing']),
    failures: health.failures,
    failing_since: health.failing_since,
    disabled_at: instant,
  }),
});
