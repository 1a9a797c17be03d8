-- Makes the events of a time range due again for an endpoint whose row is locked: what failed, what was never tried, and
-- with `everything` what was delivered too. Nothing changes when there are more than `most`. What waits stays.
-- The result is the number of those events.
create or replace function replay_webhook_events(
  replayed_for uuid, from_at timestamptz, to_at timestamptz, everything boolean, most integer, at timestamptz
)
returns bigint language sql as $$
  with wanted as materialized (
    select event.id, event.type, event.subject, event.occurred_at, delivery.id as delivery_id
    from webhook_endpoint endpoint
      join webhook_event event on event.type = any (endpoint.event_types)
        and event.occurred_at >= from_at and event.occurred_at < to_at
      left join webhook_delivery delivery on delivery.event_id = event.id and delivery.endpoint_id = endpoint.id
    where endpoint.id = replayed_for
      and (delivery.id is null or delivery.state = 'failed' or everything and delivery.state = 'delivered')
    limit most + 1
  ),
  number as (select count(*) as wanted from wanted),
  again as (
    update webhook_delivery delivery
    set state = 'pending', due_at = at, tried_since = at, claim = null, delivered_at = null,
      replays = delivery.replays + 1
    from wanted, number
    where delivery.id = wanted.delivery_id and delivery.state <> 'pending' and number.wanted <= most
  ),
  missed as (
    insert into webhook_delivery (endpoint_id, event_id, type, subject, occurred_at, due_at, tried_since, created_at)
    select replayed_for, wanted.id, wanted.type, wanted.subject, wanted.occurred_at, at, at, at
    from wanted, number
    where wanted.delivery_id is null and number.wanted <= most
    order by wanted.occurred_at, wanted.id
    on conflict do nothing
    returning event_id
  ),
  counted as (
    update webhook_event event set recipients = event.recipients + 1 from missed where event.id = missed.event_id
  )
  select number.wanted from number
$$;
