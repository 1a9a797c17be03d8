-- The tables of libs/messaging, as the baseline of each service spells them out.

-- RFC 9562 §5.7, for servers older than Postgres 18.
create function uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
      from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- Events that are committed and not yet published.
create table outbox (
  id bigint generated always as identity primary key,
  message_id uuid not null default uuid_v7(),
  type text not null,
  subject text not null,
  data json not null,
  traceparent text,
  correlation_id text,
  causation_id text,
  author text,
  created_at timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);

create function outbox_wake() returns trigger language plpgsql as $$
begin
  perform pg_notify('outbox', '');
  return null;
end $$;

create trigger outbox_wake after insert on outbox for each statement execute function outbox_wake();

-- Which consumer has handled which message.
create table inbox (
  message_id uuid not null,
  consumer text not null,
  received_at timestamptz not null default now(),
  primary key (message_id, consumer)
);
create index inbox_received_at on inbox (received_at);

-- The first answer to each command id, for ever.
create table command (
  id text primary key,
  content_hash bytea not null,
  answer json,
  recorded_at timestamptz not null default now()
);

-- What admins and operators did by commands, written with its effect.
create table admin_action (
  id uuid primary key default uuid_v7(),
  command_id text not null unique,
  kind text not null,
  subjects text[] not null,
  author text not null,
  role text not null,
  reason text,
  recorded_at timestamptz not null default now()
);
comment on column admin_action.author is 'The subject of the token.';
create index admin_action_newest on admin_action (recorded_at desc, id desc);
create index admin_action_of_author on admin_action (author, recorded_at desc, id desc);
create index admin_action_of_kind on admin_action (kind, recorded_at desc, id desc);
create index admin_action_about on admin_action using gin (subjects);

create function admin_action_guard() returns trigger language plpgsql as $$
begin
  raise exception 'the actions of admins are written once' using errcode = 'integrity_constraint_violation';
end $$;
create trigger admin_action_guard before update or delete on admin_action
  for each row execute function admin_action_guard();
create trigger admin_action_keep before truncate on admin_action
  for each statement execute function admin_action_guard();

-- Where outside systems get events.
create table webhook_endpoint (
  id uuid primary key,
  url text not null,
  description text not null,
  event_types text[] not null,
  status text not null check (status in ('active', 'paused', 'disabled', 'archived')),
  status_reason text check (status_reason in ('gone', 'failing')),
  status_changed_at timestamptz not null,
  failures integer not null default 0 check (failures >= 0),
  failing_since timestamptz,
  not_before timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
comment on column webhook_endpoint.failures is 'Failed attempts since the last success.';
comment on column webhook_endpoint.not_before is 'Nothing is sent to it before, after several failures or a Retry-After.';
create index webhook_endpoint_newest on webhook_endpoint (created_at, id);

-- What the deliveries of an endpoint are signed with; the newest has no end.
create table webhook_secret (
  id uuid primary key,
  endpoint_id uuid not null references webhook_endpoint (id),
  sealed text not null,
  created_at timestamptz not null,
  expires_at timestamptz
);
comment on column webhook_secret.sealed is 'The secret as a JWE, with a key of the settings.';
create index webhook_secret_of_endpoint on webhook_secret (endpoint_id, created_at);

-- Events that some endpoint gets, for the time of the settings.
create table webhook_event (
  id uuid primary key,
  type text not null,
  subject text not null,
  occurred_at timestamptz not null,
  data json not null,
  recipients integer not null,
  received_at timestamptz not null
);
comment on column webhook_event.recipients is 'The number of its deliveries.';
create index webhook_event_received_at on webhook_event (received_at);
create index webhook_event_of_type on webhook_event (type, occurred_at);

-- One event for one endpoint.
create table webhook_delivery (
  id uuid primary key default uuid_v7(),
  endpoint_id uuid not null,
  event_id uuid not null,
  type text not null,
  subject text not null,
  occurred_at timestamptz not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed', 'cancelled')),
  due_at timestamptz not null,
  claim uuid,
  tried_since timestamptz not null,
  attempts integer not null default 0,
  replays integer not null default 0,
  delivered_at timestamptz,
  last_status integer,
  last_error text,
  created_at timestamptz not null,
  constraint webhook_delivery_once unique (event_id, endpoint_id)
) with (fillfactor = 80);
comment on column webhook_delivery.due_at is 'When it is tried next. While it is sent: when another instance may send it.';
comment on column webhook_delivery.claim is 'Of the instance that sends it.';
comment on column webhook_delivery.tried_since is 'It is tried for three days from then on.';
create index webhook_delivery_due on webhook_delivery (endpoint_id, due_at) where state = 'pending';
create index webhook_delivery_in_order on webhook_delivery (endpoint_id, subject, occurred_at, event_id)
  where state = 'pending';
create index webhook_delivery_in_flight on webhook_delivery (endpoint_id) where claim is not null;
create index webhook_delivery_newest on webhook_delivery (endpoint_id, id);
create index webhook_delivery_newest_in_state on webhook_delivery (endpoint_id, state, id);
create index webhook_delivery_newest_about on webhook_delivery (endpoint_id, subject, id);

-- What came of each attempt.
create table webhook_attempt (
  delivery_id uuid not null,
  number integer not null,
  at timestamptz not null,
  duration_ms integer not null,
  status integer,
  error text,
  detail text,
  answer text,
  primary key (delivery_id, number)
);
