-- Records what came of claimed deliveries, and returns those that still had their claim: what another instance has
-- claimed since then, or what was cancelled, stays as it is. A finished delivery lets the next one of its subject go;
-- one that is tried again later holds back those behind it.
create or replace function record_webhook_attempts(tried json, at timestamptz)
returns table (id uuid, endpoint_id uuid) language sql as $$
  with outcome as materialized (
    select * from json_to_recordset(tried) as outcome (
      id uuid, claim uuid, state text, due_at timestamptz, started_at timestamptz, duration_ms integer, status integer,
      error text, detail text, answer text
    )
  ),
  recorded as (
    update webhook_delivery delivery
    set state = outcome.state, due_at = outcome.due_at, claim = null, last_status = outcome.status,
      last_error = outcome.error, delivered_at = case when outcome.state = 'delivered' then at end
    from outcome
    where delivery.id = outcome.id and delivery.claim = outcome.claim and delivery.state = 'pending'
    returning delivery.id, delivery.endpoint_id, delivery.subject, delivery.occurred_at, delivery.event_id,
      delivery.state, delivery.due_at, delivery.attempts
  ),
  logged as (
    insert into webhook_attempt (delivery_id, number, at, duration_ms, status, error, detail, answer)
    select recorded.id, recorded.attempts, outcome.started_at, outcome.duration_ms, outcome.status, outcome.error,
      outcome.detail, outcome.answer
    from recorded join outcome on outcome.id = recorded.id
    on conflict do nothing
  ),
  followers as (
    select behind.id, recorded.state = 'pending' as is_held, recorded.due_at
    from recorded cross join lateral (
      select later.id from webhook_delivery later
      where later.endpoint_id = recorded.endpoint_id and later.subject = recorded.subject and later.state = 'pending'
        and (later.occurred_at, later.event_id) > (recorded.occurred_at, recorded.event_id)
      order by later.occurred_at, later.event_id
      limit case when recorded.state = 'pending' then 1000 else 1 end
    ) behind
  ),
  moved as (
    update webhook_delivery delivery
    set due_at = case when followers.is_held then greatest(delivery.due_at, followers.due_at) else at end
    from followers
    where delivery.id = followers.id and delivery.state = 'pending' and delivery.claim is null
  )
  select recorded.id, recorded.endpoint_id from recorded
$$;
