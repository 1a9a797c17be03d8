import type { InvariantCheck } from '#persistence/invariant-checks.js';

/**
 * The invariants of webhooks. One statement writes an event with its deliveries; keys and checks are the last guard.
 */
export const invariantChecks: readonly InvariantCheck[] = [
  {
    invariant: 'I16 each event has one delivery for each endpoint that it was for',
    counted: 'webhook_event',
    violations: `
      select 'event ' || event.id || ' is for ' || recipients || ' endpoints, and has ' || count(delivery.id)
        || ' deliveries to ' || count(distinct delivery.endpoint_id) as violation
      from webhook_event event left join webhook_delivery delivery on delivery.event_id = event.id
      group by event.id
      having count(delivery.id) <> recipients or count(distinct delivery.endpoint_id) <> recipients`,
  },
  {
    invariant: 'each delivery has its event and its endpoint',
    counted: 'webhook_delivery',
    violations: `
      select 'delivery ' || delivery.id || ' has no event or no endpoint' as violation
      from webhook_delivery delivery
        left join webhook_event event on event.id = delivery.event_id
        left join webhook_endpoint endpoint on endpoint.id = delivery.endpoint_id
      where event.id is null or endpoint.id is null`,
  },
  {
    invariant: 'a delivery is delivered when its last attempt succeeded, and no archived endpoint has one that waits',
    counted: 'webhook_delivery',
    violations: `
      select 'delivery ' || id || ' is ' || state || ', delivered at ' || coalesce(delivered_at::text, 'no time')
        as violation
      from webhook_delivery where (state = 'delivered') <> (delivered_at is not null)
      union all
      select 'delivery ' || delivery.id || ' waits for an archived endpoint'
      from webhook_delivery delivery join webhook_endpoint endpoint on endpoint.id = delivery.endpoint_id
      where delivery.state = 'pending' and endpoint.status = 'archived'`,
  },
  {
    invariant: 'an endpoint that is not archived has one secret without an end',
    counted: 'webhook_endpoint',
    violations: `
      select 'endpoint ' || endpoint.id || ' has ' || count(secret.id) || ' secrets without an end' as violation
      from webhook_endpoint endpoint
        left join webhook_secret secret on secret.endpoint_id = endpoint.id and secret.expires_at is null
      where endpoint.status <> 'archived'
      group by endpoint.id having count(secret.id) <> 1`,
  },
];
