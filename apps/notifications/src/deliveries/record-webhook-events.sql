-- Stores events that some endpoint gets, with one delivery for each of their endpoints. An event that is stored already
-- changes nothing: its deliveries were made with it, in the same statement, also when two instances store it at once.
-- A disabled endpoint gets no delivery; the event is stored for a replay. A delivery waits for a moment, so that an
-- earlier event of its subject in the hands of another instance comes before it, and for those of its subject that wait.
create or replace function record_webhook_events(arriving json, at timestamptz, settled_at timestamptz)
returns bigint language sql as $$
  with arrived as materialized (
    select distinct on (id) id, type, subject, occurred_at, data
    from json_to_recordset(arriving) as event (id uuid, type text, subject text, occurred_at timestamptz, data json)
    order by id
  ),
  wanted as materialized (
    select arrived.id, endpoint.id as endpoint_id, endpoint.status <> 'disabled' as is_recipient
    from arrived join webhook_endpoint endpoint on arrived.type = any (endpoint.event_types)
    where endpoint.status <> 'archived'
  ),
  stored as (
    insert into webhook_event (id, type, subject, occurred_at, data, recipients, received_at)
    select id, type, subject, occurred_at, data,
      (select count(*) from wanted where wanted.id = arrived.id and is_recipient), at
    from arrived where exists (select from wanted where wanted.id = arrived.id)
    order by id
    on conflict do nothing
    returning id, type, subject, occurred_at
  ),
  made as (
    insert into webhook_delivery (endpoint_id, event_id, type, subject, occurred_at, due_at, tried_since, created_at)
    select wanted.endpoint_id, stored.id, stored.type, stored.subject, stored.occurred_at,
      greatest(settled_at, (
        select max(earlier.due_at) from webhook_delivery earlier
        where earlier.endpoint_id = wanted.endpoint_id and earlier.subject = stored.subject
          and earlier.state = 'pending'
      )),
      at, at
    from stored join wanted on wanted.id = stored.id and wanted.is_recipient
    order by stored.occurred_at, stored.id
    returning 1
  )
  select count(*) from made
$$;
