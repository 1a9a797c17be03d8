-- Deletes events that were received before `received_before`, at most `most`, with their deliveries and attempts. An
-- event stays while a delivery waits that was made due since then. The result is the number of events.
create or replace function drop_webhook_events(received_before timestamptz, most integer)
returns bigint language sql as $$
  with old as materialized (
    select event.id from webhook_event event
    where event.received_at < received_before
      and not exists (
        select from webhook_delivery delivery
        where delivery.event_id = event.id and delivery.state = 'pending' and delivery.tried_since >= received_before
      )
    order by event.received_at
    limit most
    for update skip locked
  ),
  deliveries as (
    delete from webhook_delivery delivery using old where delivery.event_id = old.id returning delivery.id
  ),
  attempts as (
    delete from webhook_attempt attempt using deliveries where attempt.delivery_id = deliveries.id
  ),
  events as (
    delete from webhook_event event using old where event.id = old.id returning 1
  )
  select count(*) from events
$$;
