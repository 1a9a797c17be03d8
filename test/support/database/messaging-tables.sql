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
