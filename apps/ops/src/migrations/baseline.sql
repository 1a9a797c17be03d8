-- What operators did to parked messages and to jobs: never changed once done, never deleted.

create table operator_actions (
  id uuid primary key,
  kind text not null check (kind in ('replay', 'discard', 'retry-job', 'retry-failed-jobs', 'promote-job')),
  place text not null,
  job_id text,
  jobs integer not null default 0,
  operator text not null,
  reason text constraint operator_actions_discard_has_reason check (kind <> 'discard' or reason is not null),
  requested_at timestamptz not null,
  done_at timestamptz,
  failure text,
  constraint operator_actions_done_or_failed check (done_at is null or failure is null)
);
create index operator_actions_newest on operator_actions (requested_at desc, id desc);

-- A text column takes everything but U+0000, which a message's body may hold: a body is kept as bytes.
create table operator_action_messages (
  action_id uuid not null references operator_actions,
  parked_id text not null,
  message_id text,
  type text,
  subject text,
  park_reason text not null,
  detail text not null,
  parked_at text,
  attempts integer not null,
  body bytea not null,
  primary key (action_id, parked_id)
);
