import type { ResponseOf } from '#contracts/contract.js';
import type { getWebhookEndpoint } from '#contracts/notifications/webhook-endpoints.js';
import { Refusal } from '#kernel/refusal.js';

/** The states of an endpoint; see `webhookEndpointStatus` of the contracts. */
export const endpointStatuses = ['active', 'paused', 'disabled', 'archived'] as const;
export type EndpointStatus = (typeof endpointStatuses)[number];

/** Why this service disables an endpoint. */
export const disableReasons = ['gone', 'failing'] as const;
export type StatusReason = (typeof disableReasons)[number];

/** Where an outside system gets events. */
export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
  readonly status: EndpointStatus;
  readonly statusReason: StatusReason | null;
  readonly statusChangedAt: Temporal.Instant;
  readonly failures: number;
  readonly failingSince: Temporal.Instant | null;
  /** Nothing is sent to it before. */
  readonly notBefore: Temporal.Instant | null;
  readonly version: number;
  readonly createdAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant;
}

/** A secret of an endpoint, without the secret. */
export interface SecretLife {
  readonly endpointId: string;
  readonly createdAt: Temporal.Instant;
  readonly expiresAt: Temporal.Instant | null;
}

export type EndpointView = ResponseOf<typeof getWebhookEndpoint>;

/** An endpoint on the wire, with the secrets that sign now, the newest first. */
export function endpointView(endpoint: Endpoint, secrets: readonly SecretLife[]): EndpointView {
  return {
    endpoint_id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    event_types: [...endpoint.eventTypes],
    status: endpoint.status,
    status_reason: endpoint.statusReason,
    status_changed_at: endpoint.statusChangedAt.toString(),
    failures: endpoint.failures,
    failing_since: endpoint.failingSince?.toString() ?? null,
    next_attempt_at: endpoint.notBefore?.toString() ?? null,
    secrets: secrets.map(({ createdAt, expiresAt }) => ({
      created_at: createdAt.toString(),
      expires_at: expiresAt?.toString() ?? null,
    })),
    version: endpoint.version,
    created_at: endpoint.createdAt.toString(),
    changed_at: endpoint.changedAt.toString(),
  };
}

/** The status of an endpoint from `now` on. What it failed before is forgotten. */
export function withStatus(endpoint: Endpoint, status: EndpointStatus, now: Temporal.Instant): Endpoint {
  if (endpoint.status === status) return endpoint;
  const healthy = { failures: 0, failingSince: null, notBefore: null };
  return { ...endpoint, ...(status === 'active' && healthy), status, statusReason: null, statusChangedAt: now };
}

/** @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND for none, and for one that is archived */
export function existing(endpoint: Endpoint | undefined): Endpoint {
  if (!endpoint || endpoint.status === 'archived') throw endpointNotFound();
  return endpoint;
}

/** WEBHOOK_ENDPOINT_NOT_FOUND */
export function endpointNotFound(): Refusal {
  return new Refusal('WEBHOOK_ENDPOINT_NOT_FOUND', 'This webhook endpoint does not exist, or it is archived.', {
    field: 'endpoint_id',
  });
}

/** @throws Refusal WEBHOOK_ENDPOINT_NOT_ACTIVE */
export function active(endpoint: Endpoint): Endpoint {
  if (endpoint.status === 'active') return endpoint;
  throw new Refusal('WEBHOOK_ENDPOINT_NOT_ACTIVE', `This webhook endpoint is ${endpoint.status}. Resume it first.`, {
    status: endpoint.status,
  });
}
