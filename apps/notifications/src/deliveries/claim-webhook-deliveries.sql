-- Claims due deliveries of active endpoints for one instance, until `leased_until`: then another one may send them.
-- Of each endpoint so many that `parallel` are sent at once, or one while it fails; of one subject the earliest alone.
-- The set goes round the endpoints, so that no endpoint waits for the backlog of another one. Rows that another
-- instance claims at this moment are skipped. The cost is that of what is due and of the number of endpoints.
create or replace function claim_webhook_deliveries(
  at timestamptz, leased_until timestamptz, claimed_by uuid, parallel integer, most integer
)
returns table (
  id uuid, endpoint_id uuid, url text, secrets text[], event_id uuid, type text, subject text,
  occurred_at timestamptz, data text, attempts integer, tried_since timestamptz
)
language sql as $$
  with ready as materialized (
    select endpoint.id, endpoint.url,
      case when endpoint.failures > 0 then 1 else parallel end - (
        select count(*) from webhook_delivery flying
        where flying.endpoint_id = endpoint.id and flying.claim is not null and flying.due_at > at
      ) as slots
    from webhook_endpoint endpoint
    where endpoint.status = 'active' and coalesce(endpoint.not_before, at) <= at
  ),
  due as (
    select found.id, found.turn
    from ready cross join lateral (
      select delivery.id, row_number() over (order by delivery.due_at, delivery.id) as turn
      from webhook_delivery delivery
      where delivery.endpoint_id = ready.id and delivery.state = 'pending' and delivery.due_at <= at
        -- Not an anti-join, for which the planner may read all that waits.
        and delivery.event_id = (
          select earliest.event_id from webhook_delivery earliest
          where earliest.endpoint_id = delivery.endpoint_id and earliest.subject = delivery.subject
            and earliest.state = 'pending'
          order by earliest.occurred_at, earliest.event_id limit 1
        )
      order by delivery.due_at, delivery.id
      limit greatest(ready.slots, 0)
    ) found
    order by found.turn limit most
  ),
  chosen as materialized (
    select delivery.id from webhook_delivery delivery
    where delivery.id = any (array(select due.id from due)) and delivery.state = 'pending' and delivery.due_at <= at
    order by delivery.id
    for update skip locked
  ),
  claimed as (
    update webhook_delivery delivery
    set claim = claimed_by, due_at = leased_until, attempts = delivery.attempts + 1
    from chosen where delivery.id = chosen.id
    returning delivery.*
  )
  select claimed.id, claimed.endpoint_id, ready.url,
    array(
      select secret.sealed from webhook_secret secret
      where secret.endpoint_id = claimed.endpoint_id and (secret.expires_at is null or secret.expires_at > at)
      order by secret.created_at desc
    ),
    claimed.event_id, claimed.type, claimed.subject, claimed.occurred_at, event.data::text, claimed.attempts,
    claimed.tried_since
  from claimed
    join ready on ready.id = claimed.endpoint_id
    join webhook_event event on event.id = claimed.event_id
$$;
