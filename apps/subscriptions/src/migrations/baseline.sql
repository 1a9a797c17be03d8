-- Persons, parameter types, rules, classes, orders and enrolments; outbox, inbox and command log.

-- RFC 9562 §5.7, for servers older than Postgres 18.
create function uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
      from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- Rows live for milliseconds: the table is vacuumed by their number, and without pauses.
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

create table inbox (
  message_id uuid not null,
  consumer text not null,
  received_at timestamptz not null default now(),
  primary key (message_id, consumer)
);
create index inbox_received_at on inbox (received_at);

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

create table persons (
  id uuid primary key,
  name text not null,
  name_words text collate "C" not null,
  username text not null,
  email text not null,
  email_key text collate "C" not null,
  email_verified boolean not null,
  version integer not null,
  registered_at timestamptz not null,
  -- How the token issuer names the person, where that is not the person's id.
  issuer text,
  subject text,
  constraint persons_issuer_of_subject check ((issuer is null) = (subject is null)),
  constraint persons_subject unique (issuer, subject)
);
comment on column persons.name_words is
  'The words of the name for searches: see wordsOf.';
comment on column persons.email_key is
  'What spellings of one address have in common: see emailKey.';
comment on column persons.email_verified is
  'Whether the token issuer verified the address.';
create unique index persons_username on persons (lower(username) collate "C");
-- Anybody may state an address that is not theirs: only a verified one belongs to one person.
create unique index persons_verified_email on persons (email_key) where email_verified;
create index persons_email on persons (email_key);
create index persons_words on persons using gin (array_to_tsvector(string_to_array(name_words, ' ')));

create table parameter_types (
  name text primary key,
  schema jsonb not null,
  ui_schema jsonb not null,
  version integer not null default 1 check (version >= 1),
  saved_at timestamptz not null,
  changed_at timestamptz
);

create table rule_versions (
  rule_id uuid not null,
  version integer not null check (version >= 1),
  title text not null,
  description text not null,
  method text not null,
  template jsonb not null,
  examples jsonb not null,
  published_at timestamptz not null,
  primary key (rule_id, version)
);

-- Versions never change, so the retirement of a rule has a row of its own.
create table rule_retirements (
  rule_id uuid primary key,
  retired_at timestamptz not null
);

-- Every order updates seats_taken: half of each page is free for the next version of a row, and no index covers it.
create table classes (
  id uuid primary key,
  title text not null,
  description text not null,
  rule_id uuid not null,
  rule_version integer not null,
  parameters jsonb not null,
  time_zone text not null,
  currency text not null,
  capacity integer check (capacity >= 1),
  seats_taken integer not null check (seats_taken >= 0),
  approval_required boolean not null,
  start_date date,
  end_date date,
  payment_window_hours integer not null check (payment_window_hours >= 1),
  published_at timestamptz not null,
  late_payment text not null default 'reopen' check (late_payment in ('reopen', 'credit')),
  payment_tolerance_minor bigint not null default 0 check (payment_tolerance_minor >= 0),
  repeat_enrolment text not null default 'refused' check (repeat_enrolment in ('refused', 'allowed')),
  title_words text collate "C" not null default '',
  starts_on date not null default '9999-12-31',
  ends_at timestamptz,
  foreign key (rule_id, rule_version) references rule_versions,
  constraint classes_dates check (end_date >= start_date),
  constraint classes_seats check (seats_taken <= capacity)
) with (fillfactor = 50);
comment on column classes.title_words is
  'The words of the title for searches: see wordsOf.';
comment on column classes.starts_on is
  'The first day, or the last of all days where orders start at once.';
comment on column classes.ends_at is
  'The end of the last day in the zone of the class.';
create index classes_words on classes using gin (array_to_tsvector(string_to_array(title_words, ' ')));
create index classes_by_title on classes (title_words, id);
create index classes_by_start on classes (starts_on, id);

-- Orders and enrolments name persons and classes without foreign keys. Persons and classes are never deleted, and the
-- transaction that writes an order has read them. A key would lock the person and queue at the class for each order.
create table orders (
  id uuid primary key,
  person_id uuid not null,
  class_id uuid not null,
  state text not null,
  rule_id uuid not null,
  rule_version integer not null,
  parameters jsonb not null,
  trace jsonb not null,
  discounts jsonb not null default '[]',
  amount_minor bigint not null check (amount_minor >= 0),
  tolerance_minor bigint not null default 0,
  currency text not null,
  start_date date not null,
  end_date date,
  approval_required boolean not null,
  opened_at timestamptz not null,
  expires_at timestamptz,
  transfer_id uuid,
  confirmed_at timestamptz,
  closed_at timestamptz,
  settled_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  replaces_order_id uuid,
  repeat_enrolment text not null default 'refused' check (repeat_enrolment in ('refused', 'allowed')),
  subscription_id uuid not null,
  period integer not null default 0 check (period >= 0),
  enrols boolean not null default true,
  anchor date,
  next_at timestamptz,
  due_date date,
  dunning jsonb not null default '[]',
  constraint orders_tolerance check (tolerance_minor between 0 and greatest(amount_minor - 1, 0)),
  constraint orders_dates check (end_date >= start_date),
  constraint orders_state_and_instants check (
    case state
      when 'opened' then confirmed_at is null and closed_at is null and ended_at is null
      when 'confirmed' then confirmed_at is not null and closed_at is null and ended_at is null
      when 'closed' then confirmed_at is not null and closed_at is not null and ended_at is null
      when 'cancelled' then closed_at is null and ended_at is not null
      when 'expired' then confirmed_at is null and closed_at is null and ended_at is not null
      else false
    end
    and (settled_at is null or state = 'closed')
    and (ended_at is null) = (end_reason is null)
  ),
  constraint orders_money_and_window check (
    (amount_minor = 0) = (expires_at is null)
    and (transfer_id is null) = (confirmed_at is null or amount_minor = 0)
  ),
  constraint orders_period check (
    case when period = 0
      then subscription_id = id and enrols and due_date is null and (anchor is null or next_at is not null)
      else subscription_id <> id and due_date is not null and anchor is null and next_at is null
    end
  )
) with (fillfactor = 80);
-- A person has at most one first order of a class that is neither closed nor ended.
create unique index orders_open on orders (person_id, class_id) where state in ('opened', 'confirmed') and period = 0;
-- Each later period of a subscription has one order.
create unique index orders_renewing on orders (subscription_id, period) where period > 0;
-- An expired order is replaced once.
create unique index orders_replacing on orders (replaces_order_id) where replaces_order_id is not null;
create index orders_expiry on orders (expires_at, id) where state = 'opened';
-- The lists, by the instant of the opening: inserts append to each index range.
create index orders_newest on orders (opened_at, id);
create index orders_of_person on orders (person_id, opened_at, id);
create index orders_of_class on orders (class_id, opened_at, id);
create index orders_in_state on orders (state, opened_at, id);
create index orders_unsettled on orders (opened_at, id)
  where state = 'closed' and settled_at is null and amount_minor > 0;

create table order_drafts (
  command_id text primary key,
  order_id uuid not null unique,
  drafted_at timestamptz not null
);
create index order_drafts_age on order_drafts (drafted_at);

-- Payments whose orders had ended before the money came: each is decided once, and again when its person gets more of
-- it, or it gets another person or order.
create table late_payments (
  id uuid primary key,
  payment_id uuid not null,
  order_id uuid not null,
  person_id uuid not null,
  amount_minor bigint not null,
  currency text not null,
  available_minor bigint,
  received_at timestamptz not null,
  credited_at timestamptz not null,
  recorded_at timestamptz not null,
  decided_at timestamptz,
  outcome text check (outcome in ('reopened', 'credited')),
  reason_code text,
  reason text,
  replacement_order_id uuid,
  constraint late_payments_decided check (
    (outcome is null) = (decided_at is null)
    and (replacement_order_id is not null) = (outcome is not distinct from 'reopened')
    and (reason_code is not null) = (outcome is not distinct from 'credited')
    and (reason is null) = (reason_code is null)
  ),
  constraint late_payments_once unique (payment_id, order_id, credited_at)
);
create index late_payments_of_order on late_payments (order_id);
create index late_payments_undecided on late_payments (recorded_at) where decided_at is null;

create table enrolments (
  order_id uuid primary key,
  id uuid not null,
  person_id uuid not null,
  class_id uuid not null,
  start_date date not null,
  end_date date,
  enrolled_at timestamptz not null,
  left_on date,
  constraint enrolments_dates check (end_date >= start_date)
);
create index enrolments_of_person on enrolments (person_id, id);
create index enrolments_of_class on enrolments (class_id, id);

-- What a closed order began. Its id is that of its first order, whose rule, version and parameters price each period.
create table subscriptions (
  id uuid primary key,
  person_id uuid not null,
  class_id uuid not null,
  state text not null check (state in ('active', 'suspended', 'ended')),
  version integer not null,
  anchor date,
  next_period integer check (next_period >= 1),
  next_at timestamptz,
  due_at timestamptz,
  paid_through date,
  started_at timestamptz not null,
  suspended_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  constraint subscriptions_state check (
    (state = 'suspended') = (suspended_at is not null)
    and (state = 'ended') = (ended_at is not null)
    and (ended_at is null or (end_reason is not null and next_period is null and due_at is null))
  ),
  constraint subscriptions_next check (next_period is null or (next_at is not null and anchor is not null))
) with (fillfactor = 80);
comment on column subscriptions.next_at is
  'When the order of the next period opens or, without one, the last day is over; null for never.';
comment on column subscriptions.due_at is
  'When the sweep has to act: a period opens, a step of dunning follows, or the last day is over.';
comment on column subscriptions.paid_through is
  'The last day of the paid periods; null for an open end.';
-- The sweep costs what is due.
create index subscriptions_due on subscriptions (due_at, id) where due_at is not null;
-- A person with a subscription that has periods cannot order the class again.
create index subscriptions_renewing on subscriptions (person_id, class_id) where anchor is not null and state <> 'ended';
create index subscriptions_of_person on subscriptions (person_id, id);
create index subscriptions_of_class on subscriptions (class_id, id);
create index subscriptions_out on subscriptions (state, id) where state <> 'active';
