/**
 * The ledger's tables and the functions that alone write them: `open_accounts`, `ledger_post`, `ledger_post_new`,
 * `ledger_resolve`.
 * The movements (one file each, next door) decide what moves; what is here makes sure that it adds up.
 *
 * One writer at a time: every movement begins with `ledger_lock()`. Throughput comes from the size of the sets that
 * the batcher hands in, and not from writers that would wait for each other's hot rows anyway. In return nothing here
 * can deadlock, a payment and its order cannot miss each other, and outbox ids grow in the order of commits.
 *
 * Foreign keys are left out on purpose: two checks per row would cost as much as the rest of a payment. An account
 * that does not exist makes `ledger_balance` fail, and `verify-ledger` proves the references of every row.
 *
 * Bonuses add a kind of account, `promotion_expense`: see `bonuses.sql.ts`.
 */
export const ledgerTables = [
  `create table account (
     id bigint generated always as identity primary key,
     kind text not null check (kind in ('provider_clearing', 'person', 'class', 'suspense')),
     owner text collate "C" not null,
     currency text collate "C" not null,
     debits_posted bigint not null default 0 check (debits_posted >= 0),
     credits_posted bigint not null default 0 check (credits_posted >= 0),
     debits_pending bigint not null default 0 check (debits_pending >= 0),
     credits_pending bigint not null default 0 check (credits_pending >= 0),
     version bigint not null default 0,
     opened_at timestamptz not null,
     unique (owner, kind, currency),
     constraint person_never_below_zero
       check (kind <> 'person' or credits_posted - debits_posted - debits_pending >= 0)
   ) with (fillfactor = 50)`,
  `comment on table account is
     'Balances. No index names one of their columns, so that each update stays on its page (HOT).'`,

  `create table transfer (
     id uuid primary key,
     source_key text collate "C" not null unique,
     movement text not null,
     debit_account bigint not null,
     credit_account bigint not null,
     amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
     currency text not null,
     state text not null check (state in ('pending', 'posted', 'voided')),
     order_id uuid,
     payment_id uuid,
     correction_of uuid references transfer,
     created_at timestamptz not null,
     resolved_at timestamptz,
     check (debit_account <> credit_account),
     check ((state = 'pending') = (resolved_at is null))
   ) with (fillfactor = 50)`,
  `comment on table transfer is 'Room on each page, so that a resolution stays there (HOT) and no index is written.'`,
  `create index transfer_of_order on transfer (order_id) where order_id is not null`,
  `create index transfer_reserved_by_payment on transfer (payment_id) where movement = 'reserve'`,
  `create index transfer_reserved_from on transfer (debit_account, created_at) where movement = 'reserve'`,

  `create table entry (
     account_id bigint not null,
     version bigint not null,
     amount_minor bigint not null check (amount_minor <> 0),
     balance_after_minor bigint not null,
     transfer_id uuid not null,
     posted_at timestamptz not null,
     primary key (account_id, version)
   )`,
  `comment on column entry.amount_minor is 'Credits are positive, debits negative.'`,

  `create function transfer_guard() returns trigger language plpgsql as $$
   begin
     if tg_op = 'UPDATE' then
       raise exception 'transfer % is %: it can only be posted or voided, once', old.id, old.state
         using errcode = 'integrity_constraint_violation';
     end if;
     raise exception 'transfers are never deleted' using errcode = 'integrity_constraint_violation';
   end $$`,
  // The condition stands in the trigger, so that a sound resolution calls no function.
  `create trigger transfer_guard before update on transfer for each row
     when (old.state <> 'pending' or new.state not in ('posted', 'voided')
       or (new.id, new.source_key, new.movement, new.debit_account, new.credit_account, new.amount_minor, new.currency,
           new.order_id, new.payment_id, new.correction_of, new.created_at)
         is distinct from
          (old.id, old.source_key, old.movement, old.debit_account, old.credit_account, old.amount_minor, old.currency,
           old.order_id, old.payment_id, old.correction_of, old.created_at))
     execute function transfer_guard()`,
  `create trigger transfer_stays before delete on transfer for each row execute function transfer_guard()`,
  `create function entry_guard() returns trigger language plpgsql as $$
   begin
     raise exception 'entries are written once' using errcode = 'integrity_constraint_violation';
   end $$`,
  `create trigger entry_guard before update or delete on entry for each row execute function entry_guard()`,
  `create trigger transfer_keep before truncate on transfer for each statement execute function entry_guard()`,
  `create trigger entry_keep before truncate on entry for each statement execute function entry_guard()`,

  `create type account_key as (kind text, owner text, currency text)`,
  // What led to a movement; what it tells others carries it on (see the outbox).
  `create type cause as (traceparent text, correlation_id text, causation_id text)`,
];

/**
 * Each check is read and planned anew by every statement that writes to its table, so each table says in one what it
 * can. `verify-ledger` proves what corrections correct, as it does for every other reference.
 */
export const ledgerInBrief = [
  `alter table account
     drop constraint account_debits_posted_check, drop constraint account_credits_posted_check,
     drop constraint account_debits_pending_check, drop constraint account_credits_pending_check,
     add constraint account_sums_check
       check (least(debits_posted, credits_posted, debits_pending, credits_pending) >= 0)`,
  `alter table transfer
     drop constraint transfer_correction_of_fkey,
     drop constraint transfer_amount_minor_check, drop constraint transfer_state_check,
     drop constraint transfer_check, drop constraint transfer_check1,
     add constraint transfer_check check (
       debit_account <> credit_account and amount_minor between 1 and 1000000000000
       and (resolved_at is null and state = 'pending' or resolved_at is not null and state in ('posted', 'voided')))`,
];

/**
 * The source of a payment's transfer is the payment, which has its id: a second unique key would only say so again.
 * Those that were posted before there was this keep the key `payment/ID` that they had.
 */
export const paymentsAsSources = [
  `alter table transfer alter column source_key drop not null, drop constraint transfer_source_key_key,
     add constraint transfer_source_check check (source_key is not null or movement = 'register-payment')`,
  `create unique index transfer_source on transfer (source_key) where source_key is not null`,
  `comment on column transfer.source_key is
     'What moved the money, once. Null: the payment that has the id of the transfer.'`,
];

/** How much may still be spent from an account: what stands there less what is reserved. */
export const availableMinor = 'credits_posted - debits_posted - debits_pending';

/** The id of an account, or null while it is not open; each argument is an SQL expression. */
export function accountId(kind: string, owner: string, currency: string): string {
  return `(select a.id from account a where a.owner = ${owner} and a.kind = ${kind} and a.currency = ${currency})`;
}

/**
 * Settings of the movements. The planner cannot know how many rows an array will have, nor how a table will have grown
 * by the time a cached plan runs, so the choice is made here, once: tables are reached through their indexes (scalar
 * subqueries, `= any (array(…))` and `lateral (… offset 0)` are look-ups, whatever is believed about sizes), and sets
 * meet sets by hashing. Each movement that is called from outside sets them, and what it calls runs, and is planned,
 * under its settings.
 */
export const setPlans = Object.entries({
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
  enable_seqscan: 'off',
  enable_mergejoin: 'off',
  enable_nestloop: 'off',
  enable_hashjoin: 'on',
})
  .map(([name, value]) => `set ${name} = ${value}`)
  .join(' ');

/**
 * The rest of a statement whose first CTE, `moved`, is transfers as they now are: carries them into balances (pending
 * sums while a transfer is pending, posted sums and versions once it is posted) and writes the two entries of each that
 * is posted, with gapless versions and running balances, in the order of transfer ids. Each account is updated once,
 * however many transfers touch it, and says how it stood before. Leaves the CTEs `change` and `updated`.
 */
function carried(wasPending: 0 | 1): string {
  return `leg as (
       select debit_account as account_id, currency, id, amount_minor as debit, 0::bigint as credit,
         (state = 'posted')::int as posted, (state = 'pending')::int - ${wasPending} as pending
       from moved
       union all
       select credit_account, currency, id, 0, amount_minor,
         (state = 'posted')::int, (state = 'pending')::int - ${wasPending}
       from moved
     ), change as (
       select account_id, currency,
         sum(debit * posted)::bigint as debits_posted, sum(credit * posted)::bigint as credits_posted,
         sum(debit * pending)::bigint as debits_pending, sum(credit * pending)::bigint as credits_pending,
         sum(posted) as entries
       from leg group by account_id, currency
     ), updated as (
       update account a set
         debits_posted = a.debits_posted + c.debits_posted, credits_posted = a.credits_posted + c.credits_posted,
         debits_pending = a.debits_pending + c.debits_pending, credits_pending = a.credits_pending + c.credits_pending,
         version = a.version + c.entries
       from change c
       where a.id = any (array(select account_id from change)) and a.id = c.account_id and a.currency = c.currency
       returning a.id, a.version - c.entries as version_before,
         a.credits_posted - a.debits_posted - c.credits_posted + c.debits_posted as balance_before
     ), entered as (
       insert into entry (account_id, version, amount_minor, balance_after_minor, transfer_id, posted_at)
       select l.account_id, u.version_before + row_number() over so_far, l.credit - l.debit,
         u.balance_before + (sum(l.credit - l.debit) over so_far)::bigint, l.id, at
       from leg l join updated u on u.id = l.account_id
       where l.posted = 1
       window so_far as (partition by l.account_id order by l.id rows unbounded preceding)
     )`;
}

/** Writes `postings` as they are handed in, and answers what `carried` begins with. */
function written(onConflict = ''): string {
  return `insert into transfer
       select p.id, p.source_key, p.movement, p.debit_account, p.credit_account, p.amount_minor,
         p.currency, p.state, p.order_id, p.payment_id, p.correction_of, at, case when p.state <> 'pending' then at end
       from unnest(postings) p
       ${onConflict}
       returning id, debit_account, credit_account, amount_minor, currency, state`;
}

const noSuchAccount = `raise exception 'ledger: a transfer names an account that does not exist in its currency'
         using errcode = 'foreign_key_violation';`;

export const ledgerFunctions = [
  `create or replace function ledger_lock() returns void language plpgsql as $$
   begin
     perform pg_advisory_xact_lock(hashtext('matricula.ledger'));
   end $$`,

  // Ids for a set, in order: one is drawn (a UUIDv7, as text) and the others count on from it (RFC 9562 §6.2, method
  // 2), for drawing each would cost twice as much. Half of the room of the last 48 bits is kept free for the count.
  `create or replace function uuid_after(first text, steps bigint) returns uuid language sql immutable as $$
     select (left(first, 24)
       || lpad(to_hex(('x' || right(first, 12))::bit(48)::bigint % 140737488355328 + steps), 12, '0'))::uuid
   $$`,

  `create or replace function wire_time(at timestamptz) returns text language sql stable as $$
     select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
   $$`,

  // The UUID that a text is, or null: what payments name is text, and need not be one.
  `create or replace function id_or_null(named text) returns uuid language sql immutable as $$
     select case
       when named like '________-____-____-____-____________'
         and length(replace(named, '-', '')) = 32 and rtrim(replace(named, '-', ''), '0123456789abcdefABCDEF') = ''
       then named::uuid
     end
   $$`,

  `create or replace function open_accounts(wanted account_key[], at timestamptz) returns void
   language sql as $$
     insert into account (kind, owner, currency, opened_at)
     select distinct kind, owner, currency, at from unnest(wanted) order by kind, owner, currency
     on conflict do nothing
   $$`,

  // A transfer to be handed to ledger_post, by named arguments; times are filled in there. Each argument is
  // used once, so that the call is inlined.
  `create or replace function transfer_of(
     source_key text, movement text, debit_account bigint, credit_account bigint, amount_minor bigint, currency text,
     state text, id uuid, order_id uuid default null, payment_id uuid default null,
     correction_of uuid default null
   ) returns transfer language sql immutable as $$
     select row(id, source_key, movement, debit_account, credit_account, amount_minor, currency, state,
       order_id, payment_id, correction_of, null::timestamptz, null::timestamptz)::transfer
   $$`,

  // Whether the accounts of these transfers are open; a movement that finds one that is not opens it and begins again.
  `create or replace function accounts_are_open(postings transfer[]) returns boolean language plpgsql as $$
   begin
     return not exists (
       select from unnest(postings) p where p.debit_account is null or p.credit_account is null);
   end $$`,

  /*
   * Writes transfers, pending or posted. A source key that is already there, in the table or twice in the batch, moves
   * nothing again; when it comes with other content, all of it fails.
   */
  `create or replace function ledger_post(postings transfer[], at timestamptz) returns void
   language plpgsql as $$
   declare
     written bigint;
     touched bigint;
     found bigint;
   begin
     with moved as (
       ${written('on conflict (source_key) where source_key is not null do nothing')}
     ), ${carried(0)}
     select (select count(*) from moved), (select count(*) from change), (select count(*) from updated)
     into written, touched, found;
     if found <> touched then
       ${noSuchAccount}
     end if;
     if written < cardinality(postings) and exists (
       select from unnest(postings) p
       where (p.movement, p.debit_account, p.credit_account, p.amount_minor, p.currency) is distinct from (
         select (t.movement, t.debit_account, t.credit_account, t.amount_minor, t.currency)
         from transfer t where t.source_key = p.source_key)
     ) then
       raise exception 'ledger: a source key comes back with other content' using errcode = 'unique_violation';
     end if;
   end $$`,

  /*
   * Writes transfers of what the same transaction has found to be new, by its own key: it is not asked again whether
   * they are. Their ids are those of their sources, so that one which is there already fails, and all with it.
   */
  `create or replace function ledger_post_new(postings transfer[], at timestamptz) returns void
   language plpgsql as $$
   declare
     touched bigint;
     found bigint;
   begin
     with moved as (
       ${written()}
     ), ${carried(0)}
     select (select count(*) from change), (select count(*) from updated) into touched, found;
     if found <> touched then
       ${noSuchAccount}
     end if;
   end $$`,

  // Posts or voids the pending transfers of these source keys, all of them, or it fails. Answers them as they are now.
  `create or replace function ledger_resolve(source_keys text[], outcome text, at timestamptz) returns transfer[]
   language plpgsql as $$
   declare
     resolved transfer[];
     touched bigint;
     found bigint;
   begin
     with moved as (
       update transfer set state = outcome, resolved_at = at
       where source_key = any (source_keys) and state = 'pending' returning *
     ), ${carried(1)}
     select array(select m::transfer from moved m), (select count(*) from change), (select count(*) from updated)
     into resolved, touched, found;
     if found <> touched then
       ${noSuchAccount}
     end if;
     if cardinality(resolved) <> cardinality(source_keys) then
       raise exception 'ledger: % of % transfers are pending', cardinality(resolved), cardinality(source_keys)
         using errcode = 'integrity_constraint_violation';
     end if;
     return resolved;
   end $$`,
];
