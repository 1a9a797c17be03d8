-- The tables and types of the payment service. Its functions stand beside the use cases that call them.

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

-- The ledger: accounts with their balances, transfers between them, and two entries for each posted transfer.
-- Foreign keys are left out on purpose: two checks per row would cost as much as the rest of a payment. The functions
-- of the ledger refuse an account that does not exist, and verify-ledger proves every reference.

create table account (
  id bigint generated always as identity primary key,
  kind text not null
    check (kind in ('provider_clearing', 'person', 'class', 'suspense', 'promotion_expense', 'write_off', 'debt',
      'refund_expense', 'foreign_money', 'tax', 'shipping', 'tip', 'payouts')),
  owner text collate "C" not null,
  currency text collate "C" not null,
  debits_posted bigint not null default 0,
  credits_posted bigint not null default 0,
  debits_pending bigint not null default 0,
  credits_pending bigint not null default 0,
  version bigint not null default 0,
  opened_at timestamptz not null,
  unique (owner, kind, currency),
  constraint account_sums check (least(debits_posted, credits_posted, debits_pending, credits_pending) >= 0),
  constraint account_person_never_below_zero
    check (kind <> 'person' or credits_posted - debits_posted - debits_pending >= 0),
  constraint account_debt_never_overpaid check (kind <> 'debt' or debits_posted >= credits_posted)
) with (fillfactor = 50);
comment on table account is
  'Balances. No index names one of their columns, so that each update stays on its page (HOT).';
create index account_debt on account (owner, currency) where kind = 'debt';
create index account_of_kind on account (kind, id);

-- Postgres reads and plans each check anew in every statement that writes the table, so one says all it can.
create table transfer (
  id uuid primary key,
  source_key text collate "C",
  movement text not null,
  debit_account bigint not null,
  credit_account bigint not null,
  amount_minor bigint not null,
  currency text not null,
  state text not null,
  order_id uuid,
  payment_id uuid,
  correction_of uuid,
  created_at timestamptz not null,
  resolved_at timestamptz,
  constraint transfer_sound check (
    debit_account <> credit_account and amount_minor between 1 and 1000000000000
    and (resolved_at is null and state = 'pending' or resolved_at is not null and state in ('posted', 'voided'))),
  constraint transfer_source_key_or_payment check (source_key is not null or movement = 'register-payment')
) with (fillfactor = 50);
comment on table transfer is 'Room on each page, so that a resolution stays there (HOT) and no index is written.';
comment on column transfer.source_key is
  'What moved the money, once. Null: the payment that has the id of the transfer.';
create unique index transfer_source on transfer (source_key) where source_key is not null;
create index transfer_of_order on transfer (order_id) where order_id is not null;
-- The transfer that registers a payment has the id of the payment, and is not written here.
create index transfer_of_payment on transfer (payment_id) where movement <> 'register-payment';
create index transfer_reserved_from on transfer (debit_account, created_at) where movement = 'reserve';

create table entry (
  account_id bigint not null,
  version bigint not null,
  amount_minor bigint not null check (amount_minor <> 0),
  balance_after_minor bigint not null,
  transfer_id uuid not null,
  posted_at timestamptz not null,
  primary key (account_id, version)
);
comment on column entry.amount_minor is 'Credits are positive, debits negative.';

create function transfer_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'transfer % is %: it can only be posted or voided, once', old.id, old.state
      using errcode = 'integrity_constraint_violation';
  end if;
  raise exception 'transfers are never deleted' using errcode = 'integrity_constraint_violation';
end $$;
-- The condition stands in the trigger, so that a sound resolution calls no function.
create trigger transfer_guard before update on transfer for each row
  when (old.state <> 'pending' or new.state not in ('posted', 'voided')
    or (new.id, new.source_key, new.movement, new.debit_account, new.credit_account, new.amount_minor, new.currency,
        new.order_id, new.payment_id, new.correction_of, new.created_at)
      is distinct from
       (old.id, old.source_key, old.movement, old.debit_account, old.credit_account, old.amount_minor, old.currency,
        old.order_id, old.payment_id, old.correction_of, old.created_at))
  execute function transfer_guard();
create trigger transfer_stays before delete on transfer for each row execute function transfer_guard();

create function entry_guard() returns trigger language plpgsql as $$
begin
  raise exception 'entries are written once' using errcode = 'integrity_constraint_violation';
end $$;
create trigger entry_guard before update or delete on entry for each row execute function entry_guard();
create trigger transfer_keep before truncate on transfer for each statement execute function entry_guard();
create trigger entry_keep before truncate on entry for each statement execute function entry_guard();

-- The projection of persons: added by person-registered, or by the first order or bonus of a person.
create table person (
  person_id uuid primary key,
  known_since timestamptz not null
);

create table payment (
  id uuid primary key,
  provider text collate "C" not null,
  reference text collate "C" not null,
  amount_minor bigint not null check (amount_minor between 0 and 1000000000000),
  currency text not null,
  person_named text,
  order_named text,
  order_stands_in boolean not null default false,
  person_id uuid,
  registered_at timestamptz not null,
  received_at timestamptz,
  matched_at timestamptz,
  assigned_by text,
  assigned_order_id uuid,
  note text,
  dismissed_at timestamptz,
  dismissed_by text,
  dismissal_note text,
  refunded_minor bigint not null default 0,
  excess_minor bigint not null default 0,
  extras_minor bigint not null default 0,
  -- The reference first: it differs more than the provider does.
  unique (reference, provider),
  constraint payment_refunded_at_most_all check (refunded_minor between 0 and amount_minor),
  constraint payment_extras_at_most_all check (extras_minor between 0 and amount_minor),
  constraint payment_excess_above_all check (excess_minor >= 0 and (excess_minor = 0 or refunded_minor = amount_minor))
);
comment on column payment.amount_minor is 'As it was corrected; zero when there was no such payment.';
comment on column payment.received_at is 'When an admin says that the money was received.';
comment on column payment.person_named is 'The person as the provider handed it through; need not be an id.';
comment on column payment.order_named is 'The order as the provider handed it through; need not be an id.';
comment on column payment.order_stands_in is
  'The order is the client''s own reference and stands in for a name; one of the metadata replaces it.';
comment on column payment.person_id is 'Whose the money is; null while it stands in suspense.';
comment on column payment.assigned_order_id is 'The order that an admin gave it to; counts before order_named.';
comment on column payment.dismissed_at is 'When an admin found that it is not ours.';
comment on column payment.refunded_minor is
  'The sum of its refunds and disputes that are applied, up to the payment.';
comment on column payment.extras_minor is 'The part that is tax, shipping or a tip, and not the money of the person.';
comment on column payment.excess_minor is 'What they took beyond the payment: an expense of ours.';
-- Money in suspense, or dismissed from it. A payment that names somebody known never enters these three indexes.
create index payment_unmatched on payment (id) where person_id is null and dismissed_at is null;
create index payment_dismissed on payment (id) where person_id is null and dismissed_at is not null;
create index payment_waits_for_person on payment (person_named) where person_id is null;
create index payment_by_hand on payment (id) where provider in ('cash', 'bank_transfer');
create index payment_assigned_order on payment (assigned_order_id) where assigned_order_id is not null;
-- Ranges of pages: registering a payment writes nothing to it but the range of the newest pages.
create index payment_registered on payment using brin (registered_at);
create index payment_names_order on payment (order_named) where order_named is not null;

-- The parts of payments that are not for orders, one by kind.
create table payment_extra (
  payment_id uuid not null,
  kind text not null check (kind in ('tip', 'tax', 'shipping')),
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  owed_minor bigint not null default 0,
  recorded_at timestamptz not null,
  primary key (payment_id, kind),
  constraint payment_extra_owed_at_most_all check (owed_minor between 0 and amount_minor)
);
comment on column payment_extra.owed_minor is
  'What the person did not have any more when a later notice named it, and owes us since.';

-- What persons owe for their orders: open → reserved → settled, or → withdrawn.
create table receivable (
  order_id uuid primary key,
  person_id uuid not null,
  class_id uuid not null,
  amount_minor bigint not null check (amount_minor between 0 and 1000000000000),
  currency text collate "C" not null,
  state text not null check (state in ('open', 'reserved', 'settled', 'withdrawn')),
  opened_at timestamptz not null,
  resolved_at timestamptz,
  reason text,
  tolerance_minor bigint not null default 0,
  constraint receivable_tolerance check (tolerance_minor between 0 and amount_minor)
) with (fillfactor = 80);
comment on column receivable.tolerance_minor is 'What may be missing when it is reserved; the difference is written off.';
comment on table receivable is
  'Events of an order come in any order: an end that comes first adds the row, and the opening then changes nothing.';
-- Open receivables in the order in which money reaches them; those that were paid are not in the way.
create index receivable_waiting on receivable (person_id, currency, opened_at, order_id) where state = 'open';
create index receivable_open_amount on receivable (amount_minor, currency, opened_at) where state = 'open';

-- The payment page of an order at its provider. An order has one at a time; another amount replaces it.
create table checkout (
  order_id uuid primary key,
  checkout_id uuid not null,
  person_id uuid not null,
  title text not null,
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  currency text collate "C" not null,
  begun_at timestamptz not null,
  expires_at timestamptz not null,
  session_id text collate "C",
  url text,
  constraint checkout_answered check ((session_id is null) = (url is null))
);
comment on column checkout.checkout_id is 'The key by which the provider recognises a repeat of the request.';
comment on column checkout.session_id is 'Null until the provider has answered.';

-- Refunds and disputes, as the provider reported them.
create table refund (
  id uuid primary key,
  provider text collate "C" not null,
  kind text not null check (kind in ('refund', 'dispute')),
  reference text collate "C" not null,
  payment_reference text collate "C" not null,
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  currency text collate "C" not null,
  state text not null check (state in ('waiting', 'applied', 'reinstated')),
  payment_id uuid,
  owed_minor bigint,
  excess_minor bigint not null default 0,
  received_at timestamptz not null,
  applied_at timestamptz,
  reinstated_at timestamptz,
  reason text,
  author text,
  sequence bigint generated always as identity,
  unique (provider, kind, reference),
  constraint refund_owed_at_most_all check (owed_minor between 0 and amount_minor - excess_minor),
  constraint refund_excess_at_most_all check (excess_minor between 0 and amount_minor),
  constraint refund_payment_once_applied
    check ((payment_id is null) = (applied_at is null) and (owed_minor is null) = (applied_at is null)),
  constraint refund_reinstated check ((state = 'reinstated') = (reinstated_at is not null)),
  constraint refund_applied check (state <> 'applied' or applied_at is not null),
  constraint refund_waiting check (state <> 'waiting' or applied_at is null)
) with (fillfactor = 80);
comment on column refund.state is
  'waiting: its payment is not known, or has another currency. reinstated: it failed, or the dispute was won.';
comment on column refund.owed_minor is 'What the person did not have when it was applied, and owes us since.';
comment on column refund.excess_minor is 'What was beyond its payment when it was applied: an expense of ours.';
comment on column refund.author is 'The admin who registered it by hand, with a reason; null for those of providers.';
comment on column refund.sequence is 'The order in which refunds were received; instants may be equal.';
create index refund_waiting on refund (sequence) where state = 'waiting';
create index refund_waiting_for_payment on refund (provider, payment_reference) where state = 'waiting';
create index refund_of_payment on refund (payment_id) where payment_id is not null;

create index refund_of_reference on refund (payment_reference, provider);

create table refund_report (
  payment_reference text collate "C" not null,
  provider text collate "C" not null,
  kind text not null check (kind in ('refund', 'dispute')),
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  currency text collate "C" not null,
  reported_at timestamptz not null,
  primary key (payment_reference, provider, kind)
);
create index refund_report_oldest on refund_report (reported_at, payment_reference, provider, kind);
comment on table refund_report is
  'What a provider says went back of a payment in all, while fewer refunds or disputes of it are known.';

comment on column refund_report.reported_at is
  'When more was reported than is known; a larger report does not change it.';

-- What admins corrected of payments: the amount, or the person whose it is. Their ids are those of their transfers.
create table payment_correction (
  id uuid primary key,
  kind text not null check (kind in ('correct', 'reassign')),
  payment_id uuid not null,
  amount_before_minor bigint not null check (amount_before_minor between 0 and 1000000000000),
  amount_after_minor bigint not null check (amount_after_minor between 0 and 1000000000000),
  person_before uuid,
  person_after uuid,
  moved_minor bigint not null check (moved_minor between 1 and 1000000000000),
  owed_minor bigint not null,
  reason text not null,
  author text not null,
  recorded_at timestamptz not null,
  sequence bigint generated always as identity,
  constraint payment_correction_owed_at_most_all check (owed_minor between 0 and moved_minor),
  constraint payment_correction_changes_one check (case kind
    when 'correct' then person_before is not distinct from person_after
      and moved_minor = abs(amount_after_minor - amount_before_minor)
    else amount_before_minor = amount_after_minor and person_before <> person_after end)
);
comment on column payment_correction.owed_minor is 'What the person did not have when it moved, and owes us since.';
create index payment_correction_of_payment on payment_correction (payment_id, sequence);

-- Balances that were paid out. Their ids are those of their transfers.
create table payout (
  id uuid primary key,
  person_id uuid not null,
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  currency text collate "C" not null,
  method text not null check (method in ('cash', 'bank_transfer')),
  reason text not null,
  author text not null,
  recorded_at timestamptz not null
);

-- What admins wrote off of orders that were short. The transfer is that of the order's funding.
create table order_write_off (
  order_id uuid primary key,
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  reason text not null,
  author text not null,
  recorded_at timestamptz not null
);

create function correction_guard() returns trigger language plpgsql as $$
begin
  raise exception 'corrections, payouts and write-offs are written once' using errcode = 'integrity_constraint_violation';
end $$;
create trigger payment_correction_guard before update or delete on payment_correction
  for each row execute function correction_guard();
create trigger payout_guard before update or delete on payout for each row execute function correction_guard();
create trigger payment_correction_keep before truncate on payment_correction
  for each statement execute function correction_guard();
create trigger payout_keep before truncate on payout for each statement execute function correction_guard();
create trigger order_write_off_guard before update or delete on order_write_off
  for each row execute function correction_guard();
create trigger order_write_off_keep before truncate on order_write_off
  for each statement execute function correction_guard();

-- A bonus that was reversed before it was earned leaves its row here, and its earning then moves nothing.
create table bonus (
  id uuid primary key,
  person_id uuid not null,
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  currency text collate "C" not null,
  granted_at timestamptz,
  reversed_at timestamptz,
  reason text,
  owed_minor bigint not null default 0,
  constraint bonus_owed_at_most_all check (owed_minor between 0 and amount_minor),
  constraint bonus_granted_or_reversed check (granted_at is not null or reversed_at is not null),
  constraint bonus_reversed_with_reason check ((reversed_at is null) = (reason is null)),
  constraint bonus_owed_once_reversed
    check (owed_minor = 0 or granted_at is not null and reversed_at is not null)
) with (fillfactor = 80);
comment on column bonus.owed_minor is 'What the person did not have when it was reversed, and owes us since.';

-- Every raw request of a provider and its verdict.
create table webhook_request (
  id uuid primary key,
  provider text collate "C" not null,
  event_id text collate "C",
  content_hash bytea,
  admitted boolean not null,
  verdict text not null check (verdict in ('applied', 'waiting', 'duplicate', 'quarantined', 'stored', 'rejected')),
  reason text,
  payment_id uuid,
  refund_id uuid,
  headers text not null,
  body bytea not null,
  body_bytes integer,
  body_sha256 bytea,
  received_at timestamptz not null,
  dismissed_at timestamptz,
  dismissed_by text,
  dismissal_note text,
  settled_by uuid,
  untaken_reference text collate "C"
);
comment on column webhook_request.admitted is 'The event id stands for this request: the first one with that id.';
comment on column webhook_request.body is 'Of a request that was rejected or too large only the beginning.';
comment on column webhook_request.body_bytes is
  'The length of the whole body where only its beginning is kept; null for others, and where the rest was not read.';
comment on column webhook_request.body_sha256 is 'The SHA-256 of the whole body, where body_bytes is known.';
comment on column webhook_request.settled_by is
  'The repeat that was supported: its verdict is what became of this request, which is a duplicate from then on.';
comment on column webhook_request.untaken_reference is
  'The payment of a request that was stored because it names nobody: no refund of it is missed.';
-- The event id first: it differs more than the provider does.
create unique index webhook_event on webhook_request (event_id, provider) where admitted;
create index webhook_rejected on webhook_request (received_at) where verdict = 'rejected';
create index webhook_open on webhook_request (id) where verdict = 'quarantined' and dismissed_at is null;
create index webhook_open_unread on webhook_request (provider, sha256(body))
  where verdict = 'quarantined' and dismissed_at is null and event_id is null;
create unique index webhook_too_large on webhook_request (body_sha256, provider)
  where reason = 'BODY_TOO_LARGE' and verdict = 'quarantined';
create index webhook_dismissed on webhook_request (id) where dismissed_at is not null;
create index webhook_settled on webhook_request (id) where settled_by is not null and reason is not null;
create index webhook_untaken on webhook_request (untaken_reference, provider) where untaken_reference is not null;
create index webhook_of_payment on webhook_request (payment_id) where payment_id is not null;
create index webhook_of_refund on webhook_request (refund_id) where refund_id is not null;

-- The sets that functions take and return. `position` is the place of an item in the set that the caller handed in.

create type account_key as (kind text, owner text, currency text);

-- The message that led to a movement; the events that follow carry it on.
create type cause as (traceparent text, correlation_id text, causation_id text, author text);

create type payment_notice as (
  position bigint, provider text, reference text, amount_minor bigint, currency text, person_named text,
  order_named text, note text, received_at timestamptz, cause cause, order_stands_in boolean, tax_minor bigint, shipping_minor bigint,
  tip_minor bigint);
-- A payment that is new in its set, with whose it is and, once it is credited, its accounts.
create type new_payment as (
  position bigint, payment_id uuid, provider text, reference text, amount_minor bigint, currency text, order_id uuid,
  person_id uuid, payee_kind text, payee text, clearing_account bigint, payee_account bigint, account_version bigint,
  extras_minor bigint, tax_minor bigint, shipping_minor bigint, tip_minor bigint, cause cause);
create type payment_answer as (position bigint, verdict text, payment_id uuid);
-- A payment in suspense, and the person whose it is.
create type payment_match as (payment_id uuid, person_id uuid, cause cause);

-- What a person can spend may cover more than before: by which payment, if any, how much it is, and naming which order,
-- if any.
create type funding as (
  person_id uuid, currency text, order_id uuid, payment_id uuid, amount_minor bigint, cause cause);
create type funded_order as (
  order_id uuid, person_id uuid, class_id uuid, amount_minor bigint, currency text, transfer_id uuid, payment_id uuid,
  written_off_minor bigint, cause cause);
create type order_event as (
  position bigint, order_id uuid, person_id uuid, class_id uuid, amount_minor bigint, currency text,
  tolerance_minor bigint, opened_at timestamptz, reason text, cause cause);
create type known_person as (person_id uuid, cause cause);

create type refund_answer as (position bigint, verdict text, reason text, refund_id uuid);

create type webhook_notice as (
  position bigint, provider text, event_id text, content_hash bytea, verdict text, reason text, headers text,
  payment payment_notice);
create type webhook_classification as (
  position bigint, classification text, reason text, supported_now boolean, first_request uuid);
create type webhook_decision as (
  position bigint, id uuid, admitted boolean, verdict text, reason text, payment_id uuid, refund_id uuid,
  settles uuid);
create type webhook_answer as (position bigint, verdict text, reason text, payment_id uuid);
