-- The tables and types of the promotions service. Its functions stand beside the use cases that call them.

-- Messages: events to be published, messages that were handled, and the replies to commands.

-- RFC 9562 §5.7, for servers older than Postgres 18.
create function uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
      from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

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

-- The key begins with what differs: with the consumer first, each comparison on the way down would be two.
create table inbox (
  consumer text not null,
  message_id uuid not null,
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

-- Codes: rules and counters in one row, the persons that they list, the audit trail, and codes made in the background.

create table promo_code (
  id uuid primary key,
  code text not null,
  folded text collate "C" not null,
  title text not null default '',
  owner_id text,
  batch_id uuid,
  kind text not null check (kind in ('discount', 'bonus')),
  percent_bp integer check (percent_bp between 1 and 10000),
  amount_minor bigint check (amount_minor between 0 and 1000000000000),
  cap_minor bigint check (cap_minor >= 1),
  minimum_minor bigint check (minimum_minor >= 0),
  currency text,
  valid_from timestamptz,
  valid_until timestamptz,
  active_hours jsonb not null
    default '{"enabled": false, "start_time": "00:00", "end_time": "23:59", "timezone": "UTC"}',
  days smallint[],
  max_uses bigint check (max_uses >= 0),
  max_uses_per_person bigint check (max_uses_per_person >= 0),
  max_uses_per_offer bigint check (max_uses_per_offer >= 0),
  budget_minor bigint check (budget_minor >= 0),
  offers_rule text not null default 'all' check (offers_rule in ('all', 'some', 'all_but')),
  offers text[] not null default '{}',
  audience text not null default 'everyone' check (audience in ('everyone', 'listed', 'new_persons')),
  stacking text not null default 'exclusive' check (stacking in ('exclusive', 'combinable')),
  precedence integer not null default 0,
  auto_deactivate_on_max_uses boolean not null default true,
  counts_on text not null default 'conversion' check (counts_on in ('apply', 'conversion')),
  hold_hours integer check (hold_hours between 1 and 8760),
  hold_past_validity boolean not null default false,
  give_back jsonb not null default '{"cancel": true, "refund": true, "fraud": false, "chargeback": false}',
  status text not null default 'draft' check (status in ('draft', 'active', 'paused', 'expired', 'archived')),
  auto_deactivated_at timestamptz,
  deactivation_announced_at timestamptz,
  used bigint not null default 0 check (used >= 0),
  held bigint not null default 0 check (held >= 0),
  given_minor bigint not null default 0 check (given_minor >= 0),
  held_minor bigint not null default 0 check (held_minor >= 0),
  last_entry bigint not null default 0,
  version integer not null default 1,
  first_used_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  created_by text not null,
  constraint one_benefit check ((percent_bp is null) <> (amount_minor is null)),
  constraint money_has_currency check (
    currency is not null or amount_minor is null and cap_minor is null and minimum_minor is null and budget_minor is null),
  constraint valid_in_order check (valid_from < valid_until),
  constraint uses_within_limit check (used + held <= max_uses),
  constraint money_within_budget check (given_minor + held_minor <= budget_minor),
  constraint active_hours_are_whole check (
    jsonb_exists_all(jsonb_strip_nulls(active_hours), array['enabled', 'start_time', 'end_time', 'timezone']))
) with (fillfactor = 80);
comment on column promo_code.folded is
  'What people type: see foldCode. It names one code that is not archived.';
comment on column promo_code.currency is
  'Null where any currency will do: a bare percentage.';
comment on column promo_code.days is
  'ISO weekdays (1 is Monday) on which the hours may open; null is every day.';
comment on column promo_code.used is
  'Redemptions that keep their slot. Holds are counted in held.';
comment on column promo_code.given_minor is
  'The benefits of the redemptions in used. The benefits of holds are in held_minor.';
comment on column promo_code.last_entry is
  'The number of the newest journal entry. Assigned under the lock of this row: all below are committed.';
comment on column promo_code.version is
  'The version of the rules: rises with each edit, never with a redemption.';
-- Any number of archived codes have a text. The code that is not archived comes first, then the newest.
create unique index promo_code_text
  on promo_code (folded, (case when status = 'archived' then id end) desc) nulls not distinct;
-- For the list in the order of the texts.
create index promo_code_archived on promo_code (folded, id) where status = 'archived';
create index promo_code_of_owner on promo_code (owner_id, id) where owner_id is not null;
-- The codes of a batch stand together, in the order of their creation, so this index costs next to nothing.
create index promo_code_of_batch on promo_code using brin (batch_id) with (pages_per_range = 16);

create table promo_code_person (
  code_id uuid not null references promo_code,
  person_id uuid not null,
  primary key (code_id, person_id)
);
comment on table promo_code_person is
  'The persons who may use a code with the audience "listed".';
create index promo_code_person_of_person on promo_code_person (person_id);

create table code_change (
  code_id uuid not null references promo_code,
  version integer not null,
  changed_by text not null,
  at timestamptz not null,
  before jsonb not null,
  after jsonb not null,
  primary key (code_id, version)
);
comment on table code_change is
  'The audit trail: one row for each version of the rules of a code after the first.';
-- For the sweep that expires codes. A redemption changes none of its columns.
create index promo_code_expiring on promo_code (valid_until) where status = 'active' and valid_until is not null;

create table code_batch (
  id uuid primary key,
  kind text not null check (kind in ('generate', 'import')),
  state text not null check (state in ('receiving', 'waiting', 'running', 'done', 'exhausted', 'abandoned')),
  pattern text,
  terms jsonb,
  secret bytea,
  walked bigint not null default 0,
  wanted bigint not null default 0,
  done bigint not null default 0,
  failed bigint not null default 0,
  report jsonb not null default '[]',
  created_by text not null,
  created_at timestamptz not null,
  touched_at timestamptz not null,
  finished_at timestamptz,
  constraint done_within_wanted check (done <= wanted),
  constraint what_is_made check ((kind = 'generate') = (pattern is not null and terms is not null and secret is not null))
);
comment on table code_batch is
  'Codes that are created in the background: from a pattern, or from the rows of a file.';
comment on column code_batch.secret is
  'Determines the order in which the codes of the pattern are drawn.';
comment on column code_batch.walked is
  'How many codes of the pattern were drawn. Commits with the codes: a job continues here after a crash.';
create index code_batch_newest on code_batch (created_at, id);
create index code_batch_unfinished on code_batch (touched_at) where state in ('receiving', 'waiting', 'running');

create table import_row (
  batch_id uuid not null references code_batch,
  row_no bigint not null,
  row jsonb not null,
  primary key (batch_id, row_no)
);
comment on table import_row is
  'The rows of a file that are not codes yet: the cells by the names of their columns.';

-- For the sweep that announces deactivations: finds a few codes among millions.
create index promo_code_unannounced on promo_code (auto_deactivated_at)
  where auto_deactivated_at is not null and deactivation_announced_at is null;

-- Holds and redemptions, their journal, and the receipts of decisions. All of it is written under the lock of the code.
-- Foreign keys are left out on purpose: they would lock and check a row for each row of a set. The invariant checks
-- prove that counters, redemptions and entries agree.

create table promo_code_person_usage (
  code_id uuid not null,
  person_id uuid not null,
  uses bigint not null check (uses >= 0),
  primary key (code_id, person_id)
) with (fillfactor = 80);
comment on table promo_code_person_usage is
  'How many slots of a code each person has, holds included.';
create index promo_code_person_usage_of_person on promo_code_person_usage (person_id);

create table new_person_usage (
  person_id uuid primary key,
  uses bigint not null check (uses between 0 and 1)
) with (fillfactor = 80);
comment on table new_person_usage is
  'Whether each person holds or has used a code for new persons: one slot over all such codes.';

create table promo_code_offer_usage (
  code_id uuid not null,
  offer_id text collate "C" not null,
  uses bigint not null check (uses >= 0),
  primary key (code_id, offer_id)
) with (fillfactor = 50);

create table redemption (
  id uuid primary key,
  code_id uuid not null,
  person_id uuid not null,
  offer_id text,
  order_id uuid,
  conversion_id text,
  sender text not null default '',
  state text not null check (state in ('held', 'redeemed', 'released', 'lapsed', 'reversed')),
  keeps_slot boolean not null default true,
  benefit_minor bigint not null check (benefit_minor >= 0),
  currency text,
  price_minor bigint,
  explanation text not null default '',
  applied_at timestamptz not null,
  held_at timestamptz,
  lapses_at timestamptz,
  pay_by timestamptz,
  redeemed_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  for_new_person boolean not null default false,
  constraint state_and_instants check (
    case state
      when 'held' then redeemed_at is null and ended_at is null and keeps_slot
      when 'redeemed' then redeemed_at is not null and ended_at is null and keeps_slot
      when 'reversed' then redeemed_at is not null and ended_at is not null
      else redeemed_at is null and ended_at is not null and not keeps_slot
    end
    and (lapses_at is null or state in ('held', 'lapsed')))
) with (fillfactor = 80);
comment on column redemption.keeps_slot is
  'Whether the counters of the code include it. A reversed redemption may keep its slot: see give_back.';
comment on column redemption.applied_at is
  'When it was applied. Its journal entries have the same time, so that a reversal counts on the day of the redemption.';
comment on column redemption.sender is
  'The outside system that reported the conversion; else empty.';
comment on column redemption.pay_by is
  'When the order expires at the latest. Null where its code leaves it to the class.';
comment on column redemption.for_new_person is
  'Whether it takes the one slot that its person has of all codes for new persons.';
comment on column redemption.lapses_at is
  'Null once order-opened was received: a pinned hold ends only with its order.';
-- An order or a conversion has one redemption of a code: these two keys find a repeat.
create unique index redemption_of_order on redemption (order_id, code_id) where order_id is not null;
create unique index redemption_of_conversion on redemption (conversion_id, code_id, sender) where conversion_id is not null;
create index redemption_lapsing on redemption (lapses_at) where state = 'held' and lapses_at is not null;

create table redemption_entry (
  code_id uuid not null,
  entry_no bigint not null,
  kind text not null check (kind in ('redeemed', 'reversed')),
  redemption_id uuid not null,
  person_id uuid not null,
  offer_id text,
  benefit_kind text not null,
  benefit_minor bigint not null,
  currency text,
  revenue_minor bigint not null default 0,
  conversion_id text,
  order_id uuid,
  applied_at timestamptz,
  at timestamptz not null,
  primary key (code_id, entry_no)
);
comment on table redemption_entry is
  'The journal. Append-only: redemptions and reversals, numbered without gaps per code. Analytics reads nothing else.';
create function redemption_entry_guard() returns trigger language plpgsql as $$
begin
  raise exception 'journal entries are never changed' using errcode = 'integrity_constraint_violation';
end $$;
create trigger redemption_entry_guard before update or delete on redemption_entry
  for each row execute function redemption_entry_guard();

create table decision_receipt (
  id uuid primary key default uuid_v7(),
  code_id uuid,
  code text not null,
  person_id uuid,
  offer_id text,
  order_id uuid,
  conversion_id text,
  redemption_id uuid,
  trace_id text,
  stage text not null check (stage in ('hold', 'apply', 'convert', 'reverse')),
  allowed boolean not null,
  reason text,
  local_time text,
  timezone text,
  trace jsonb not null,
  used_before bigint, used_after bigint,
  held_before bigint, held_after bigint,
  given_before bigint, given_after bigint,
  person_before bigint, person_after bigint,
  offer_before bigint, offer_after bigint,
  at timestamptz not null
);
comment on table decision_receipt is
  'Each admission and each refusal, with the evaluated rules and the counters before and after.';
comment on column decision_receipt.redemption_id is
  'The hold or redemption that was decided; null for a refusal.';
create index decision_receipt_newest on decision_receipt (at, id);
create index decision_receipt_of_code on decision_receipt (code_id, at, id);
create index decision_receipt_of_person on decision_receipt (person_id, at, id);
create index decision_receipt_of_order on decision_receipt (order_id, at, id) where order_id is not null;
-- For the list of refusals: few among many admissions.
create index decision_receipt_refused on decision_receipt (code_id, at, id) where not allowed;

create table refusal_not_rolled_up (
  receipt_id uuid primary key,
  code_id uuid not null,
  day date not null,
  reason text not null
);
comment on table refusal_not_rolled_up is
  'Refusals that rollup_refusal does not include yet.';
create index refusal_not_rolled_up_of_code on refusal_not_rolled_up (code_id);

create table rollup_refusal (
  code_id uuid not null,
  day date not null,
  reason text collate "C" not null,
  refusals bigint not null check (refusals > 0),
  primary key (code_id, day, reason)
) with (fillfactor = 80);
comment on table rollup_refusal is
  'Refusals per code, day of UTC and reason.';

-- Offers and persons.

create table offer (
  id text collate "C" primary key,
  name text not null,
  class_id uuid unique,
  currency text,
  sender text,
  registered_at timestamptz not null,
  changed_at timestamptz not null,
  deleted_at timestamptz
);
create index offer_newest on offer (registered_at, id);
comment on table offer is
  'What a code can be used for: a published class, or what an admin registers for an external system.';
comment on column offer.sender is
  'The outside system that alone records its conversions; null where every sender and admins may.';
comment on column offer.currency is
  'The currency of its conversions; null where any will do.';

create table person (
  id uuid primary key,
  name text not null,
  username text not null,
  email text not null,
  version integer not null default 0,
  has_closed_order boolean not null default false
);
comment on table person is
  'The projection of registered persons: names for reports, and who is new.';
comment on column person.version is
  'The newest version that was received; 0 before the first.';
comment on column person.name is
  'Empty until the registration of the person is received.';

-- Bonus codes that persons applied, and conversions.

create table promo_application (
  code_id uuid not null,
  person_id uuid not null,
  applied_at timestamptz not null,
  redemption_id uuid,
  state text not null check (state in ('applied', 'spent')),
  primary key (code_id, person_id)
);
comment on column promo_application.redemption_id is
  'The hold of a code that counts on apply. A conversion redeems it, and the application is spent.';
create index promo_application_of_person on promo_application (person_id);

create table conversion (
  conversion_id text collate "C" not null,
  sender text collate "C" not null default '',
  person_id uuid not null,
  offer_id text collate "C" not null,
  payout_minor bigint not null check (payout_minor >= 0),
  currency text not null,
  occurred_at timestamptz not null,
  order_id uuid,
  content_hash bytea not null,
  answer jsonb,
  recorded_at timestamptz not null,
  reversed_at timestamptz,
  reverse_reason text check (reverse_reason in ('cancel', 'refund', 'fraud', 'chargeback')),
  reverse_answer jsonb,
  primary key (conversion_id, sender),
  constraint reversed_with_reason check ((reversed_at is null) = (reverse_reason is null))
);
comment on column conversion.sender is
  'The outside system that reported it. Empty for orders and for conversions of admins.';

-- Rollups: sums of the journal per code, offer and day, up to a watermark. Readers add the entries after it.
-- Days are days of UTC. A redemption belongs to the day on which it was applied: when it is reversed, uses and
-- kept_minor of that day decrease, while reversals and reversed_minor increase on the day of the reversal. The empty text stands
-- for no offer and no currency.

-- What an entry changes of the rollups, for the job and for every reader. Only for a reversal is it looked up whether

-- the redemption keeps its slot.
create view redemption_effect as
select code_id, entry_no, kind = 'reversed' as is_reversal, person_id, coalesce(offer_id, '') as offer_id,
  coalesce(currency, '') as currency,
  (coalesce(applied_at, at) at time zone 'UTC')::date as day, (at at time zone 'UTC')::date as entered_on,
  case
    when kind = 'redeemed' then 1
    when (select keeps_slot from redemption where redemption.id = redemption_entry.redemption_id) then 0
    else -1
  end as uses,
  case kind when 'redeemed' then 1 else -1 end * benefit_minor as kept_minor,
  case kind when 'redeemed' then 1 else -1 end * revenue_minor as revenue_minor
from redemption_entry;

create table rollup (
  code_id uuid not null,
  offer_id text collate "C" not null,
  day date not null,
  currency text not null,
  redemptions bigint not null,
  reversals bigint not null,
  uses bigint not null,
  given_minor bigint not null,
  reversed_minor bigint not null,
  kept_minor bigint not null,
  revenue_minor bigint not null,
  primary key (code_id, offer_id, day, currency)
) with (fillfactor = 70);
comment on column rollup.uses is
  'Redemptions applied on that day that keep their slot. Their sum over all days is promo_code.used.';
comment on column rollup.kept_minor is
  'The part of given_minor that no reversal took back, on any day.';
-- For the top codes of a date range.
create index rollup_of_day on rollup (day, code_id);

-- The days on which each person used an offer. Only rows of the persons of new entries are read.
create table rollup_person (
  code_id uuid not null,
  offer_id text collate "C" not null,
  person_id uuid not null,
  day date not null,
  uses bigint not null,
  primary key (code_id, offer_id, person_id, day)
) with (fillfactor = 80);
-- Each day on which a person used an offer, with the previous such day, counted over all persons. A person of a date
-- range has exactly one day in it whose previous day lies before the range. So the number of different persons in any

-- date range is a sum.
create table rollup_visit (
  code_id uuid not null,
  previous_day date not null,
  offer_id text collate "C" not null,
  day date not null,
  persons bigint not null,
  primary key (code_id, previous_day, offer_id, day)
) with (fillfactor = 70);
comment on column rollup_visit.previous_day is
  '-infinity for the first day of the person.';

create table rollup_watermark (
  code_id uuid primary key,
  entry_no bigint not null
) with (fillfactor = 70);
comment on table rollup_watermark is
  'The newest journal entry of each code that the rollups include. No entry below it is uncommitted.';
-- A list of the redemptions of a code finds a page by counting the reversals below it, which are few.
create index redemption_entry_reversed on redemption_entry (code_id, entry_no) where kind = 'reversed';
-- Holds of orders that have not ended, and holds of applied codes until they are redeemed.
create index redemption_held on redemption (code_id) where state = 'held';
-- Analytics reads only codes that were used, which are few where codes are generated by the million.
create index promo_code_used on promo_code (id) where first_used_at is not null;

-- Parameters of the functions. Elements of an array are numbered by position.

-- A request for one redemption or hold that the rules allowed, or whose refusal needs a receipt: AdmissionRequest of
-- redemptions.store.ts. position counts from 1; the requests of a group stand side by side.
create type admission_request as (
  position integer, group_no integer, stage text, code_id uuid, code text, version integer, receipt_id uuid,
  redemption_id uuid, redeems_hold uuid, person_id uuid, offer_id text, order_id uuid, conversion_id text,
  sender text, benefit_minor bigint, currency text, price_minor bigint, revenue_minor bigint, is_held boolean, is_counted boolean,
  lapses_at timestamptz, pay_by timestamptz, applied_at timestamptz, for_new_person boolean, explanation text, ineligibility text,
  local_time text, timezone text, trace jsonb, traceparent text, correlation_id text, causation_id text, author text);

-- The decision about a request: see admit_redemptions. The counters before it are null where the rules refused it.
create type admission_decision as (
  position integer, verdict text, redemption_id uuid, redeems_hold uuid, used_before bigint, held_before bigint,
  given_before bigint, person_before bigint, offer_before bigint);

-- What one redemption changes of the counters, by how much, and its journal entry, if any. person_slots and offer_slots
-- belong to the counters of its person and its offer, new_person_slots to the slot of its person over all codes for new
-- persons, the others to the row of the code.
create type counter_change as (
  position integer, redemption_id uuid, code_id uuid, person_id uuid, offer_id text, used integer, held integer,
  given_minor bigint, held_minor bigint, person_slots integer, offer_slots integer, new_person_slots integer, entry text, benefit_minor bigint,
  currency text, revenue_minor bigint, conversion_id text, order_id uuid, applied_at timestamptz, traceparent text,
  correlation_id text, causation_id text, author text);

-- The next state of a redemption: redeemed, released, lapsed or reversed, and the reason.
create type state_change as (
  position integer, redemption_id uuid, state text, reason text, revenue_minor bigint, traceparent text,
  correlation_id text, causation_id text, author text);

-- Journal entries of a code: those after after_entry, up to last_entry.
create type entry_range as (code_id uuid, after_entry bigint, last_entry bigint);
